import { example } from '../testing/example.ts';

export default example({
  found: ({ okta }) => {
    okta.factor('f1', { accountId: 'ada', type: 'sms', status: 'active', strength: 'weak' });
    return [okta.account('ada', { truePrivilege: 3, mfaState: 'weak' })];
  },
  clear: ({ okta }) => {
    okta.account('strong', { truePrivilege: 4, mfaState: 'strong' });
    okta.account('key', { truePrivilege: 4, mfaState: 'phishing_resistant' });
    okta.account('harmless', { truePrivilege: 1, mfaState: 'weak' });
  },
  unknown: ({ okta }) => {
    okta.account('unread', { truePrivilege: 3, mfaState: 'unknown' });
  },
});
