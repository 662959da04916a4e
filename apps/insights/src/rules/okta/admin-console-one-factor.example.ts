import { example } from '../testing/example.ts';
import type { Place } from '../testing/world.ts';

const guarded = (okta: Place, rule: object) => {
  okta.resource('console', {
    type: 'application',
    name: 'Okta Admin Console',
    attributes: { isAdminConsole: true, accessPolicyId: 'policy' },
  });
  const rules = [{ name: 'Catch-all', enabled: true, access: 'ALLOW', ...rule }];
  return okta.policy('policy', { type: 'access', status: 'enabled', settings: { rules } });
};

export default example({
  found: ({ okta }) => [guarded(okta, { oneFactor: true, phishingResistant: false })],
  clear: ({ okta }) => {
    guarded(okta, { oneFactor: false, phishingResistant: false });
    const rules = [{ name: 'Lax', enabled: true, access: 'ALLOW', oneFactor: true, phishingResistant: false }];
    okta.policy('other', { type: 'access', status: 'enabled', settings: { rules } });
  },
  unknown: ({ okta }) => {
    guarded(okta, { oneFactor: null, phishingResistant: null });
  },
});
