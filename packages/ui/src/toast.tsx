import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { toProblem } from './problem.ts';

/** The cross that puts news away is an icon: this is what it is called aloud. */
const closeButtonProps = { 'aria-label': 'Close' };

/** Short news at the corner of the page. */
export const toast = {
  /** Something was done; `undo` offers to take it back while the news is shown. */
  done: (text: string, undo?: () => void) => {
    const id = `toast-${Date.now()}-${Math.random()}`;
    notifications.show({
      id,
      icon: <IconCheck size={16} />,
      color: 'teal.8',
      closeButtonProps,
      autoClose: undo === undefined ? 5_000 : 10_000,
      message: (
        <Group gap="sm" wrap="nowrap" justify="space-between">
          <Text size="sm">{text}</Text>
          {undo === undefined ? null : (
            <Button
              size="compact-sm"
              variant="default"
              flex="none"
              onClick={() => {
                notifications.hide(id);
                undo();
              }}
            >
              Undo
            </Button>
          )}
        </Group>
      ),
    });
  },
  failed: (error: unknown) => {
    const problem = toProblem(error);
    notifications.show({
      icon: <IconAlertTriangle size={16} />,
      color: 'red.8',
      closeButtonProps,
      autoClose: 12_000,
      title: problem.title,
      message: problem.detail,
    });
  },
};
