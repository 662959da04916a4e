import { useApi } from '@gatehouse/ui';
import { ActionIcon, Menu } from '@mantine/core';
import { IconMessage2Bolt } from '@tabler/icons-react';
import { paths } from '../api/paths.ts';

/** Sentences that stand ready. */
export function CannedMessages({ onChoose }: { onChoose(text: string): void }) {
  const { data } = useApi(paths.cannedMessages);
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Menu position="top-start" width={300} returnFocus={false}>
      <Menu.Target>
        <ActionIcon aria-label="Canned messages" title="Canned messages">
          <IconMessage2Bolt size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {data.items.map(({ id, title, message }) => (
          <Menu.Item key={id} title={message} onClick={() => onChoose(message)}>
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
