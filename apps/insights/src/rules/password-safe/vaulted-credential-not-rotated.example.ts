import { example } from '../testing/example.ts';
import { daysAgo } from '../testing/world.ts';

const item = (isManagedAutomatically: boolean | null, days: number, changeFrequencyDays = 30) => ({
  type: 'vault_item' as const,
  attributes: { isManagedAutomatically, lastChangedAt: daysAgo(days).toISOString(), changeFrequencyDays },
});

export default example({
  found: ({ directory }) => [
    directory.credential('vault-item:1', item(false, 5)),
    directory.credential('vault-item:2', item(true, 40)),
    directory.credential('vault-item:3', item(true, 100, 365)),
  ],
  clear: ({ directory }) => {
    directory.credential('vault-item:1', item(true, 36));
    directory.credential('vault-item:2', { type: 'vault_item', attributes: { parentAccountId: 'managed-account:1' } });
    directory.credential('key', { type: 'ssh_key', attributes: { isManagedAutomatically: false } });
  },
  unknown: ({ directory }) => {
    directory.credential('vault-item:1', item(null, 5));
  },
});
