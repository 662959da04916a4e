import { example } from '../testing/example.ts';

const token = { type: 'api_token', status: 'active', name: 'Script' } as const;

export default example({
  found: ({ okta }) => {
    okta.account('left', { status: 'disabled', statusReason: 'DEPROVISIONED' });
    return [okta.credential('t1', { ...token, ownerId: 'left' })];
  },
  clear: ({ okta }) => {
    okta.account('here');
    okta.credential('t1', { ...token, ownerId: 'here' });
    okta.account('left', { status: 'disabled' });
    okta.credential('t2', { ...token, ownerId: 'left', status: 'revoked' });
  },
  unknown: ({ okta }) => {
    okta.credential('t1', { ...token, ownerId: 'nobody-read' });
  },
});
