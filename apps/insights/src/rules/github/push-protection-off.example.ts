import { example } from '../testing/example.ts';

const repository = (secretScanningPushProtection: boolean | null) =>
  ({
    type: 'repository',
    name: 'acme/site',
    status: 'enabled',
    attributes: { secretScanningPushProtection, visibility: 'private' },
  }) as const;

export default example({
  found: ({ github }) => [github.resource('1', repository(false))],
  clear: ({ github }) => {
    github.resource('1', repository(true));
    github.resource('archived', { ...repository(false), status: 'disabled' });
  },
  unknown: ({ github }) => {
    github.resource('1', repository(null));
  },
});
