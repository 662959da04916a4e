import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    org.okta.account('reader', { truePrivilege: 4, effectivePrivilege: 1 });
    org.path(org.okta, 'reader', { level: 4, edge: 'read_client_secret', title: 'can read the client secret of' });
    org.directory.account('helper', { truePrivilege: 4, effectivePrivilege: 1 });
    org.path(org.directory, 'helper', { level: 4, edge: 'reset_password', title: 'can set a new password for' });
    return ['helper', 'reader'];
  },
  clear: (org) => {
    org.okta.account('reader', { truePrivilege: 3 });
    org.path(org.okta, 'reader', { level: 3, edge: 'read_client_secret', title: 'can read the client secret of' });
    org.okta.account('self', { truePrivilege: 4 });
    org.path(org.okta, 'self', { level: 4, edge: 'signs_in_as', title: 'signs in as', withinIdentity: true });
    org.directory.account('anybody', { truePrivilege: 4 });
    org.path(org.directory, 'anybody', { level: 4, edge: 'everybody', title: 'controls, as everybody does,' });
    org.okta.account('disabled', { truePrivilege: 4, status: 'disabled' });
    org.path(org.okta, 'disabled', { level: 4, edge: 'read_client_secret', title: 'can read the client secret of' });
  },
  unknown: ({ okta }) => {
    okta.account('undetermined', { truePrivilege: null });
  },
});
