import { example } from '../testing/example.ts';

export default example({
  found: ({ okta, github }) => {
    okta.account('00u1', { identityId: crypto.randomUUID() });
    return [github.account('stranger', { identityId: crypto.randomUUID(), truePrivilege: 4 })];
  },
  clear: ({ okta, github }) => {
    const identityId = crypto.randomUUID();
    okta.account('00u1', { identityId, truePrivilege: 4 });
    github.account('ada', { identityId, truePrivilege: 4 });
    github.account('robot', { identityId: crypto.randomUUID(), truePrivilege: 4, owners: ['ada'] });
    github.account('harmless', { identityId: crypto.randomUUID(), truePrivilege: 1 });
  },
  unknown: ({ github }) => {
    github.account('undetermined', { identityId: crypto.randomUUID(), truePrivilege: null });
  },
});
