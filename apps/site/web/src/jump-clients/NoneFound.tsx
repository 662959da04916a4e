import { EmptyState } from '@gatehouse/ui';
import { IconDevices } from '@tabler/icons-react';

/** No Jump Client is reached, or none is called what was searched for. */
export const NoneFound = ({ search }: { search: string }) => (
  <EmptyState
    icon={<IconDevices size={28} stroke={1.5} />}
    title={search === '' ? 'You reach no Jump Clients' : 'No Jump Client is called so'}
  >
    {search === ''
      ? 'An administrator installs them, and lets you reach them through their Jump Group.'
      : 'The search looks into names, comments, host names and tags.'}
  </EmptyState>
);
