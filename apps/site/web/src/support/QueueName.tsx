import { useApi } from '@gatehouse/ui';
import { paths } from '../api/paths.ts';

/** "General queue", "Printers" or "Yours", of `general`, `team:3` or `rep:7`. */
export function QueueName({ queue }: { queue: string }) {
  const people = useApi(paths.supportPeople);
  const [type, id] = queue.split(':');
  if (type === 'general') return 'General queue';
  if (type === 'team') return people.data?.teams.find((team) => String(team.id) === id)?.name ?? 'Team';
  return people.data?.representatives.find((one) => String(one.userId) === id)?.name ?? 'Personal queue';
}
