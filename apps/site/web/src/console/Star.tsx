import { send, toast, useRefresh } from '@gatehouse/ui';
import { ActionIcon } from '@mantine/core';
import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type ConsoleItem, paths } from '../api/paths.ts';

/** Whether an endpoint is a favourite, shown as it will be as soon as it is pressed. */
export function Star({ item: { type, id, name, isFavourite } }: { item: ConsoleItem }) {
  const refresh = useRefresh();
  const change = useMutation({
    mutationFn: (wanted: boolean) => send('PUT', paths.favourite(type, id), { isFavourite: wanted }),
    onSuccess: () => refresh('/api/console/items'),
    onError: toast.failed,
  });
  const isShown = change.isPending ? change.variables : isFavourite;
  return (
    <ActionIcon
      aria-label={`Favourite: ${name}`}
      aria-pressed={isShown}
      {...(isShown ? { color: 'yellow.8' } : {})}
      onClick={() => change.mutate(!isShown)}
    >
      {isShown ? <IconStarFilled size={17} /> : <IconStar size={17} />}
    </ActionIcon>
  );
}
