import { CopyField, get, Section, toast } from '@gatehouse/ui';
import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconTerminal2 } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import classes from '../parts/Parts.module.css';
import { supportPaths } from '../support/paths.ts';

/** What is run on the desk once. It may hold a secret, so it is made only when somebody asks, and that is recorded. */
export function SetUpPanel({ connectionId }: { connectionId: string }) {
  const make = useMutation({ mutationFn: () => get(supportPaths.setUp(connectionId)), onError: toast.failed });
  return (
    <Section
      title="Set up the desk"
      lead="Makes the fields, links and rights on the desk, from the settings that are saved. It may hold a secret."
      actions={
        <Button
          variant="default"
          leftSection={<IconTerminal2 size={16} />}
          loading={make.isPending}
          onClick={() => make.mutate()}
        >
          Show what to run
        </Button>
      }
    >
      {make.data === undefined ? (
        <Text size="sm" c="dimmed">
          Run it once, and again after a change of the settings. What is there already is left as it is.
        </Text>
      ) : (
        <Stack gap="sm">
          <Group justify="space-between">
            <Text fw={600}>{make.data.fileName}</Text>
            <CopyButton value={make.data.text}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  size="compact-sm"
                  leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                  onClick={copy}
                >
                  {copied ? 'Copied' : 'Copy file'}
                </Button>
              )}
            </CopyButton>
          </Group>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached. */}
          <pre className={classes.code} tabIndex={0}>
            {make.data.text}
          </pre>
          {make.data.commands.map((command, at) => (
            <CopyField key={command} label={`Command ${String(at + 1)}`} value={command} />
          ))}
        </Stack>
      )}
    </Section>
  );
}
