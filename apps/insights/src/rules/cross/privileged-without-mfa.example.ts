import { example } from '../testing/example.ts';

export default example({
  found: ({ okta, github }) => [
    okta.account('ada', { truePrivilege: 4, mfaState: 'none' }),
    github.account('bob', { truePrivilege: 3, mfaState: 'none' }),
  ],
  clear: ({ okta }) => {
    okta.account('weak', { truePrivilege: 4, mfaState: 'weak' });
    okta.account('harmless', { truePrivilege: 2, mfaState: 'none' });
    okta.account('disabled', { truePrivilege: 4, mfaState: 'none', status: 'disabled' });
    okta.account('robot', { truePrivilege: 4, mfaState: 'none', type: 'service' });
  },
  unknown: ({ okta }) => {
    okta.account('unread', { truePrivilege: 4, mfaState: 'unknown' });
    okta.account('undetermined', { truePrivilege: null, mfaState: 'none' });
  },
});
