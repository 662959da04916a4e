import { example } from '../testing/example.ts';

const step = { level: 4, edge: 'edit_rule_attribute', title: 'can edit the attributes by which a rule fills' } as const;

export default example({
  found: (org) => {
    org.okta.account('helper', { truePrivilege: 4, effectivePrivilege: 2 });
    org.path(org.okta, 'helper', step);
    return ['helper'];
  },
  clear: (org) => {
    org.okta.account('reader', { truePrivilege: 4, effectivePrivilege: 1 });
    org.path(org.okta, 'reader', { ...step, edge: 'read_client_secret' });
    org.okta.account('disabled', { truePrivilege: 4, status: 'disabled' });
    org.path(org.okta, 'disabled', step);
  },
  unknown: ({ okta }) => {
    okta.account('undetermined', { truePrivilege: null });
  },
});
