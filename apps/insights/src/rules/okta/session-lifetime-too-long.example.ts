import { example } from '../testing/example.ts';

const signOn = (minutes: number | null, rule: object = {}) => {
  const rules = [{ name: 'Default', enabled: true, access: 'ALLOW', maxSessionLifetimeMinutes: minutes, ...rule }];
  return { type: 'sign_on', name: 'Everyone', status: 'enabled', settings: { rules } } as const;
};

export default example({
  found: ({ okta }) => [okta.policy('long', signOn(1080 + 1)), okta.policy('endless', signOn(0))],
  clear: ({ okta }) => {
    okta.policy('short', signOn(1080));
    okta.policy('off', signOn(9_000, { enabled: false }));
    okta.policy('deny', signOn(9_000, { access: 'DENY' }));
  },
  unknown: ({ okta }) => {
    okta.policy('untold', signOn(null));
  },
});
