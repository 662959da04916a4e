import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    org.okta.account('reader', { truePrivilege: 4, effectivePrivilege: 1 });
    org.path(org.okta, 'reader', { level: 4, edge: 'read_client_secret', title: 'can read the client secret of' });
    org.directory.account('helper', { truePrivilege: 4, effectivePrivilege: 1 });
    org.path(org.directory, 'helper', { level: 4, edge: 'reset_password', title: 'can set a new password for' });
    const enrolling = { level: 4, edge: 'enrol_as_anybody', title: 'can get a certificate as anybody in' };
    org.directory.account('operator', { truePrivilege: 4, effectivePrivilege: 1 });
    org.path(org.directory, 'operator', { ...enrolling, through: 'S-1-5-21-1-2-3-1201' });
    org.directory.account('resetter', { truePrivilege: 4, effectivePrivilege: 1 });
    org.path(org.directory, 'resetter', { ...enrolling, edge: 'control_object', through: 'S-1-5-21-1-2-3-513' });
    return ['helper', 'operator', 'reader', 'resetter'];
  },
  clear: (org) => {
    org.okta.account('reader', { truePrivilege: 3 });
    org.path(org.okta, 'reader', { level: 3, edge: 'read_client_secret', title: 'can read the client secret of' });
    org.okta.account('self', { truePrivilege: 4 });
    org.path(org.okta, 'self', { level: 4, edge: 'signs_in_as', title: 'signs in as', withinIdentity: true });
    org.directory.account('anybody', { truePrivilege: 4 });
    org.path(org.directory, 'anybody', { level: 4, edge: 'everybody', title: 'controls, as everybody does,' });
    org.directory.account('enroller', { truePrivilege: 4 });
    org.path(org.directory, 'enroller', {
      ...{ level: 4, edge: 'enrol_as_anybody', title: 'can get a certificate as anybody in' },
      through: 'S-1-5-21-1-2-3-513',
    });
    org.okta.account('disabled', { truePrivilege: 4, status: 'disabled' });
    org.path(org.okta, 'disabled', { level: 4, edge: 'read_client_secret', title: 'can read the client secret of' });
  },
  unknown: ({ okta }) => {
    okta.account('undetermined', { truePrivilege: null });
  },
});
