import { example } from '../testing/example.ts';

export default example({
  found: ({ okta, github, directory }) => {
    okta.account('00u1', { identityId: crypto.randomUUID() });
    return [
      github.account('stranger', { identityId: crypto.randomUUID(), truePrivilege: 4 }),
      directory.account('S-1-5-21-1-2-3-1101', { type: 'service', truePrivilege: 4 }),
    ];
  },
  clear: ({ okta, github, directory }) => {
    directory.account('S-1-5-21-1-2-3-1001', { type: 'computer', truePrivilege: 4 });
    directory.account('S-1-5-21-1-2-3-1102', { type: 'service', truePrivilege: 4, owners: ['S-1-5-21-1-2-3-1103'] });
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
