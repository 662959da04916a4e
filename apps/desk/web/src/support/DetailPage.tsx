import {
  EmptyState,
  Facts,
  formatDuration,
  formatTime,
  Loaded,
  Notice,
  OutsideLink,
  Page,
  Section,
  send,
  toast,
  useApi,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMe } from '../frame/use-me.ts';
import { supportPaths, type Whole } from './paths.ts';
import { StateTag } from './SessionsOf.tsx';
import classes from './Support.module.css';

/** Everything that is known about one support session. */
export function DetailPage() {
  const { connectionId = '', lsid = '' } = useParams({ strict: false }) as { connectionId?: string; lsid?: string };
  useCrumbs({ title: 'Support sessions', href: '/support' }, { title: lsid.slice(0, 8) });
  const found = useApi(supportPaths.session(connectionId, lsid), { every: 15_000 });
  return (
    <Loaded query={found} rows={6}>
      {(whole) => <Shown whole={whole} />}
    </Loaded>
  );
}

function Shown({ whole }: { whole: Whole }) {
  const mayManage = useMe()?.mayManage === true;
  const refresh = useRefresh();
  const path = supportPaths.session(whole.connectionId, whole.lsid);
  const again = useMutation({
    mutationFn: () => send('POST', `${path}/replay`, {}),
    onSuccess: () => {
      toast.done('It is looked at again.');
      void refresh('/api/support-sessions');
    },
    onError: toast.failed,
  });
  const { report } = whole;
  const seconds =
    whole.beganAt === null || whole.endedAt === null
      ? null
      : (Date.parse(whole.endedAt) - Date.parse(whole.beganAt)) / 1_000;
  return (
    <Page
      title={whole.customer || 'Support session'}
      aside={<StateTag session={whole} />}
      lead={
        whole.ticketUrl === null ? (
          whole.externalKey
        ) : (
          <OutsideLink url={whole.ticketUrl} title={whole.ticketNumber ?? whole.externalKey} />
        )
      }
      actions={
        mayManage ? (
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} />}
            loading={again.isPending}
            onClick={() => again.mutate()}
          >
            Look again
          </Button>
        ) : null
      }
    >
      {whole.problem === '' ? null : (
        <Notice tone={whole.deadAt === null ? 'medium' : 'critical'} title="This session needs attention">
          {whole.problem}
        </Notice>
      )}
      <Facts
        narrow
        facts={[
          { title: 'Began', value: whole.beganAt === null ? '—' : formatTime(new Date(whole.beganAt)) },
          { title: 'Took', value: seconds === null ? '—' : formatDuration(seconds) },
          { title: 'Representative', value: whole.representative || '—' },
          {
            title: 'In the ticket',
            value:
              whole.notes.length === 0
                ? 'Not yet'
                : whole.notes.map(({ part, revision }) => (revision === 1 ? part : `${part} (${revision})`)).join(', '),
          },
        ]}
      />
      {report === null ? (
        <EmptyState title="The site has not reported it yet">It is asked again by itself.</EmptyState>
      ) : (
        <>
          <Downloads path={path} recordings={whole.recordings} />
          <Report report={report} path={path} />
        </>
      )}
    </Page>
  );
}

/** Each is opened by this program for who may, and noted. */
function Downloads({ path, recordings }: { path: string; recordings: number }) {
  const all = Array.from({ length: recordings }, (_, at) => at + 1);
  return (
    <Section title="Download" lead="Who opens one of these is noted.">
      <ul className={classes.plain} aria-label="Downloads">
        <li>
          What was said: <a href={`${path}/transcript?form=text`}>text</a>,{' '}
          <a href={`${path}/transcript?form=html`}>HTML</a>, <a href={`${path}/transcript?form=json`}>JSON</a>
        </li>
        <li>
          Everything that was reported: <a href={`${path}/export`}>JSON</a>
        </li>
        {all.map((number) => (
          <li key={number}>
            Recording {number}: <a href={`${path}/recordings/${number}`}>download</a>,{' '}
            <a href={`${path}/recordings/${number}?view=true`} target="_blank" rel="noreferrer">
              watch
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Report({ report, path }: { report: NonNullable<Whole['report']>; path: string }) {
  const chat = report.events.filter(({ type }) => /^chat message$/i.test(type));
  const files = report.events.filter(({ file }) => file !== null);
  const rest = report.events.filter(({ type }) => !/^chat message$/i.test(type));
  return (
    <>
      <Section title="Who was there">
        <ul className={classes.plain}>
          {[...report.customers, ...report.representatives].map((one) => (
            <li key={one.gsnumber}>
              <b>{one.name || 'Customer'}</b>
              {[one.company, one.hostname, one.system, one.address]
                .filter((word) => word !== '')
                .map((word) => `, ${word}`)
                .join('')}
              {one.issue === '' ? null : <p className={classes.quote}>{one.issue}</p>}
            </li>
          ))}
        </ul>
      </Section>
      {chat.length === 0 ? null : (
        <Section title="Chat">
          <ul className={classes.plain}>
            {chat.map(({ at, by, body }, index) => (
              <li key={`${at} ${String(index)}`}>
                <span className={classes.quiet}>{new Date(at).toLocaleTimeString()}</span> <b>{by}</b>
                <p className={classes.quote}>{body}</p>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {report.surveys.length === 0 ? null : (
        <Section title="Surveys">
          <ul className={classes.plain}>
            {report.surveys.map(({ by, name, answers }) => (
              <li key={`${by} ${name}`}>
                <b>{name || by}</b>
                <Facts narrow facts={answers.map(({ label, value }) => ({ title: label, value }))} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="What happened">
        <ul className={classes.plain}>
          {rest.map((event, index) => {
            const { at, type, by, body, file } = event;
            return (
              <li key={`${at} ${String(index)}`}>
                <span className={classes.quiet}>{new Date(at).toLocaleTimeString()}</span> {type}
                {by === '' ? '' : `, ${by}`}
                {file === null ? null : (
                  <>
                    : <a href={`${path}/files/${String(files.indexOf(event) + 1)}`}>{file.name || 'File'}</a>
                  </>
                )}
                {body === '' ? null : <p className={classes.quote}>{body}</p>}
              </li>
            );
          })}
        </ul>
      </Section>
      {report.system.map(({ name, rows }) => (
        <Section key={name} title={name}>
          <Facts narrow facts={rows.map((row) => ({ title: row.name, value: row.value }))} />
        </Section>
      ))}
    </>
  );
}
