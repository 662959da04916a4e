import { example } from '../testing/example.ts';

const token = { type: 'api_token', status: 'active', ownerId: 'ada' } as const;

export default example({
  found: ({ okta }) => {
    okta.account('ada', { login: 'ada@acme.example' });
    return [okta.credential('t1', { ...token, attributes: { networkConnection: 'ANYWHERE' } })];
  },
  clear: ({ okta }) => {
    okta.credential('t1', { ...token, attributes: { networkConnection: 'ZONE', networkInclude: ['nzo1'] } });
    okta.credential('t2', { ...token, status: 'revoked', attributes: { networkConnection: 'ANYWHERE' } });
  },
  unknown: ({ okta }) => {
    okta.credential('t1', { ...token, attributes: { networkConnection: null } });
  },
});
