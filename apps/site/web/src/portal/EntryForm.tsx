import { Notice, send, toProblem } from '@gatehouse/ui';
import { Button, Checkbox, Stack, Textarea, TextInput } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import type { Portal, PortalSession } from '../../../src/api/portal.ts';
import classes from './Portal.module.css';

/** What the person comes with. */
type Way = { readonly key: string } | { readonly issue: string; readonly words: string } | { readonly issue: null };

interface EntryFormProps {
  portal: Portal;
  onBegun(begun: PortalSession): void;
}

/** Key, or what help is needed with; then who they are, and that they agree. */
export function EntryForm({ portal, onBegun }: EntryFormProps) {
  const [link] = useState(() => new URLSearchParams(location.search).get('ak') ?? '');
  const [way, setWay] = useState<Way | null>(link === '' ? null : { key: link });
  if (way === null) return <KeyForm portal={portal} onWay={setWay} />;
  return (
    <PersonForm
      portal={portal}
      way={way}
      onBegun={(begun) => {
        // The link is used up, and nobody should find it in the address.
        history.replaceState(null, '', '/');
        onBegun(begun);
      }}
      onBack={() => setWay(null)}
    />
  );
}

function KeyForm({ portal, onWay }: { portal: Portal; onWay(way: Way): void }) {
  const [key, setKey] = useState('');
  const digits = key.replaceAll(/\D/g, '');
  return (
    <Stack gap="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (digits.length === 7) onWay({ key: digits });
        }}
      >
        <h1 className={classes.title}>Enter your session key</h1>
        <p className={classes.lead}>Your representative has told you seven digits, or has sent you a link.</p>
        <div className={classes.keyRow}>
          <TextInput
            aria-label="Session key"
            size="lg"
            inputMode="numeric"
            autoComplete="off"
            data-autofocus
            placeholder="1234567"
            maxLength={12}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            className={classes.key ?? ''}
          />
          <Button type="submit" size="lg" disabled={digits.length !== 7}>
            Continue
          </Button>
        </div>
      </form>
      {portal.general === null && portal.issues.length === 0 ? null : (
        <section aria-labelledby="without-key">
          <h2 id="without-key" className={classes.subtitle}>
            You have no key?
          </h2>
          <ul className={classes.issues}>
            {portal.issues.map(({ codeName, description, isAvailable }) => (
              <li key={codeName}>
                <Button
                  variant="default"
                  fullWidth
                  disabled={!isAvailable}
                  onClick={() => onWay({ issue: codeName, words: description })}
                >
                  {description}
                  {isAvailable ? '' : ' (nobody is there now)'}
                </Button>
              </li>
            ))}
            {portal.general === null ? null : (
              <li>
                <Button variant="default" fullWidth disabled={!portal.general} onClick={() => onWay({ issue: null })}>
                  {portal.general ? 'Ask the next free representative' : 'Nobody is there at the moment'}
                </Button>
              </li>
            )}
          </ul>
        </section>
      )}
    </Stack>
  );
}

interface PersonFormProps extends EntryFormProps {
  way: Way;
  onBack(): void;
}

function PersonForm({ portal, way, onBegun, onBack }: PersonFormProps) {
  const [name, setName] = useState('');
  const [company, setCompany] = useState('');
  const [description, setDescription] = useState('');
  const [agreed, setAgreed] = useState(portal.agreement === '');
  const isLink = 'key' in way && way.key.length !== 7;
  const valid = useLinkCheck(isLink && 'key' in way ? way.key : null);
  const begin = useMutation({
    mutationFn: () =>
      send<PortalSession>('POST', '/api/portal/sessions', {
        ...('key' in way ? { key: way.key } : way.issue === null ? {} : { issue: way.issue }),
        ...{ name, company, description, agreed: true, system: systemOf() },
      }),
    onSuccess: onBegun,
  });
  const problem = begin.error === null ? null : toProblem(begin.error);
  const fields = problem?.fields ?? {};
  if (valid === false)
    return (
      <Stack gap="md">
        <h1 className={classes.title}>This link does not work any more</h1>
        <p className={classes.lead}>
          It was used already, or it is too old. Ask your representative for a new one, or enter a key that you have.
        </p>
        <div>
          <Button onClick={onBack}>Enter a session key</Button>
        </div>
      </Stack>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <div>
          <h1 className={classes.title}>{'words' in way ? way.words : 'Who are you?'}</h1>
          <p className={classes.lead}>This is what your representative sees.</p>
        </div>
        {problem === null || problem.status === 400 ? null : (
          <Notice tone="critical" title={problem.status === 429 ? 'Too many attempts' : 'This did not work'} isUrgent>
            {problem.detail}
          </Notice>
        )}
        <TextInput
          label="Your name"
          required
          maxLength={100}
          autoComplete="name"
          data-autofocus
          value={name}
          error={fields.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Company"
          maxLength={100}
          autoComplete="organization"
          value={company}
          error={fields.company}
          onChange={(event) => setCompany(event.currentTarget.value)}
        />
        <Textarea
          label="What do you need help with?"
          autosize
          minRows={2}
          maxRows={6}
          maxLength={1_000}
          value={description}
          error={fields.description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {portal.agreement === '' ? null : (
          <div className={classes.agreement}>
            <p>{portal.agreement}</p>
            <Checkbox
              label="I agree"
              checked={agreed}
              onChange={(event) => setAgreed(event.currentTarget.checked)}
              error={fields.agreed}
            />
          </div>
        )}
        <div className={classes.buttons}>
          <Button variant="default" leftSection={<IconArrowLeft size={16} />} onClick={onBack}>
            Back
          </Button>
          <Button type="submit" loading={begin.isPending} disabled={name.trim() === '' || !agreed}>
            Start the session
          </Button>
        </div>
      </Stack>
    </form>
  );
}

/** Whether a link still opens a session, before anything is filled in; null: that is not known. */
const useLinkCheck = (key: string | null): boolean | null => {
  const [isValid, setValid] = useState<boolean | null>(null);
  useEffect(() => {
    if (key === null) return;
    send<{ valid: boolean }>('POST', '/api/portal/link', { key }).then(
      ({ valid }) => setValid(valid),
      // No key of a link at all; whatever else went wrong is said when they begin.
      (error) => setValid(toProblem(error).status === 400 ? false : null),
    );
  }, [key]);
  return isValid;
};

const systemOf = () => {
  const brands = Object(Reflect.get(navigator, 'userAgentData'));
  return {
    platform: String(brands.platform ?? navigator.platform).slice(0, 100),
    userAgent: navigator.userAgent.slice(0, 400),
    language: navigator.language.slice(0, 40),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone.slice(0, 60),
    screen: `${screen.width} × ${screen.height}`,
  };
};
