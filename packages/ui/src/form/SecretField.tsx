import { Button, FileButton, Group, Input, PasswordInput, Stack, Textarea } from '@mantine/core';
import { IconFileUpload, IconLock } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { wordsOf } from '../format.ts';
import { MarkdownLite } from '../MarkdownLite.tsx';
import type { FieldProps } from './SchemaForm.tsx';
import classes from './SecretField.module.css';
import { isKept, isRemoved, removed } from './schema.ts';

/** Larger than any key; keeps a video dropped by mistake out of the page. */
const largestFile = 64 * 1024;

/** A secret: entered once, afterwards only "set", with a way to replace it. Keys may be dropped as a file. */
export function SecretField(props: FieldProps) {
  const [kept] = useState(() => (isKept(props.value) ? props.value : null));
  const label = props.schema.title ?? wordsOf(props.name);
  const description =
    props.schema.description === undefined ? undefined : <MarkdownLite text={props.schema.description} />;
  if (isKept(props.value))
    return (
      <Input.Wrapper label={label} description={description} error={props.error} labelElement="div">
        <Group gap="sm" mt={6} className={classes.set ?? ''}>
          <IconLock size={16} aria-hidden="true" />
          <span>Set. It is never shown again.</span>
          <Button
            size="compact-sm"
            variant="default"
            disabled={props.disabled}
            aria-label={`Replace ${label}`}
            onClick={() => props.onChange('')}
          >
            Replace
          </Button>
          {props.required ? null : (
            <Button
              size="compact-sm"
              variant="default"
              disabled={props.disabled}
              aria-label={`Remove ${label}`}
              onClick={() => props.onChange(removed)}
            >
              Remove
            </Button>
          )}
        </Group>
      </Input.Wrapper>
    );
  if (isRemoved(props.value))
    return (
      <Input.Wrapper label={label} description={description} error={props.error} labelElement="div">
        <Group gap="sm" mt={6} className={classes.set ?? ''}>
          <span>Removed when you save.</span>
          <Button size="compact-sm" variant="default" onClick={() => props.onChange(kept ?? { isSet: true })}>
            Keep the one that is set
          </Button>
        </Group>
      </Input.Wrapper>
    );
  return (
    <Stack gap={6}>
      {props.schema.format === 'pem' ? (
        <KeyInput {...props} label={label} description={description} />
      ) : (
        <PasswordInput
          name={props.name}
          label={label}
          description={description}
          error={props.error}
          required={props.required}
          disabled={props.disabled}
          value={typeof props.value === 'string' ? props.value : ''}
          onChange={(event) => props.onChange(event.currentTarget.value)}
          autoComplete="new-password"
        />
      )}
      {kept === null ? null : (
        <Button
          size="compact-sm"
          variant="subtle"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => props.onChange(kept)}
        >
          Keep the one that is set
        </Button>
      )}
    </Stack>
  );
}

interface KeyInputProps extends FieldProps {
  label: string;
  description: React.ReactNode;
}

function KeyInput({ name, label, description, value, error, required, disabled, onChange }: KeyInputProps) {
  const [isOver, setOver] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const take = async (file: File | null | undefined) => {
    if (!file) return;
    if (file.size > largestFile) return setRefusal('This file is too large to be a key.');
    setRefusal(null);
    onChange(await file.text());
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would want a legend beside the label that is there already.
    <div
      role="group"
      aria-label={label}
      className={classes.drop}
      data-over={isOver ? 'true' : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Textarea
        name={name}
        label={label}
        description={description}
        error={refusal ?? error}
        required={required}
        disabled={disabled}
        value={typeof value === 'string' ? value : ''}
        onChange={(event) => onChange(event.currentTarget.value)}
        placeholder={'-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----'}
        autosize
        minRows={4}
        maxRows={10}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: classes.key ?? '' }}
      />
      <FileButton onChange={(file) => void take(file)} accept=".pem,.key,.txt,application/x-pem-file">
        {(button) => (
          <Button
            {...button}
            size="compact-sm"
            variant="subtle"
            mt={6}
            disabled={disabled}
            leftSection={<IconFileUpload size={15} />}
          >
            Choose a file, or drop it here
          </Button>
        )}
      </FileButton>
    </div>
  );
}
