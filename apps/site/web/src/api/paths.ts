import { at } from '@gatehouse/ui';
import type { z } from 'zod';
import type {
  Approvals,
  ConsoleItemDetail,
  ConsoleItem as ConsoleItemShape,
  CredentialList,
  FileList,
  HostKeys,
  OwnSession as OwnSessionShape,
  RecordingHits,
  SessionRules,
  Session as SessionShape,
} from '../../../src/api/console.ts';
import type { MachineOfSession, ReachedClient, ReachedDetail, ShellsOfSession } from '../../../src/api/jump-clients.ts';
import type { Schedule } from '../../../src/api/jump-policies.ts';
import type { Deliveries } from '../../../src/api/outbound-events.ts';
import type { Portal, PortalSession } from '../../../src/api/portal.ts';
import type { ReachOfUser } from '../../../src/api/reach.ts';
import type { Due, HeldSession, Retention } from '../../../src/api/retention.ts';
import type { AuditEntry, Options, Status } from '../../../src/api/site.ts';
import type {
  CannedMessages,
  ConsoleFields,
  MySupportSessions,
  OwnSupportSession,
  SupportPeople,
} from '../../../src/api/support.ts';
import type { AnySupportSession, SessionKeys, SupportSessions } from '../../../src/api/support-reports.ts';
import type { Survey } from '../../../src/api/surveys.ts';

/** An object as the API answers it. */
export type Item = Readonly<Record<string, unknown>>;
export interface List<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: { readonly value: number; readonly exact: boolean };
}
export type AuditRow = z.output<typeof AuditEntry>;

export type ConsoleItem = z.output<typeof ConsoleItemShape>;
export type ItemDetail = z.output<typeof ConsoleItemDetail>;
export type Credential = z.output<typeof CredentialList>['credentials'][number];
export type Approval = z.output<typeof Approvals>['items'][number];
export type Session = z.output<typeof SessionShape>;
export type OwnSession = z.output<typeof OwnSessionShape>;
export type Delivery = z.output<typeof Deliveries>['items'][number];
export type Held = z.output<typeof HeldSession>;
export type ReportedSession = z.output<typeof SupportSessions>['items'][number];
export type WholeSession = z.output<typeof AnySupportSession>;
export type SupportFile = WholeSession['files'][number];
export type SessionKey = z.output<typeof SessionKeys>['items'][number];
export type FileEntry = z.output<typeof FileList>['entries'][number];
export type HostKey = z.output<typeof HostKeys>['items'][number];

const asked = (query: Readonly<Record<string, string>>) => {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  return search.size === 0 ? '' : `?${search}`;
};

/** Days of a filter as moments in the reader's own zone; the last day is one of them. */
const inTime = ({ from = '', until = '', ...query }: Readonly<Record<string, string>>) => {
  const at = (day: string, days: number): string => {
    const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
    return day === '' ? '' : new Date(year, month - 1, date + days).toISOString();
  };
  return { ...query, from: at(from, 0), until: at(until, 1) };
};

/** Every address the pages ask, with what it answers. */
export const paths = {
  status: at<z.output<typeof Status>>('/api/status'),
  options: at<Options>('/api/options'),
  retention: at<Retention>('/api/retention'),
  /** What a retention would remove now. */
  due: (kept: Retention) =>
    at<z.output<typeof Due>>(
      `/api/retention/due?${new URLSearchParams(Object.entries(kept).map(([name, days]) => [name, String(days)]))}`,
    ),
  hold: (sessionId: string) => at<Held>(`/api/sessions/${sessionId}/hold`),
  supportHold: (lsid: string) => at<Held>(`/api/support-sessions/${lsid}/hold`),
  audit: (query: Readonly<Record<string, string>>) => at<List<AuditRow>>(`/api/audit${asked(query)}`),
  /** Any list of objects. */
  list: (path: string, query: Readonly<Record<string, string>> = {}) => at<List<Item>>(`${path}${asked(query)}`),
  item: (path: string, id: string) => at<Item>(`${path}/${id}`),
  schedule: (id: string) => at<Schedule>(`/api/jump-policies/${id}/schedule`),
  reach: (id: string, query: Readonly<Record<string, string>> = {}) =>
    at<z.output<typeof ReachOfUser>>(`/api/users/${id}/reach${asked(query)}`),

  items: (query: Readonly<Record<string, string>>) => at<List<ConsoleItem>>(`/api/console/items${asked(query)}`),
  consoleItem: (type: string, id: string | number) => at<ItemDetail>(`/api/console/items/${type}/${id}`),
  favourite: (type: string, id: number) => at<null>(`/api/console/favourites/${type}/${id}`),
  credentials: (type: string, id: string | number) =>
    at<z.output<typeof CredentialList>>(`/api/console/items/${type}/${id}/credentials`),
  /** Asks for the approval of a session. */
  approvalOf: (type: string, id: string | number) => at<Approval>(`/api/console/items/${type}/${id}/approvals`),
  approvals: at<z.output<typeof Approvals>>('/api/console/approvals'),
  /** Those that the person had or joined. */
  ownSessions: (query: Readonly<Record<string, string>> = {}) =>
    at<List<OwnSession>>(`/api/console/sessions${asked(query)}`),
  ownSessionsFile: (query: Readonly<Record<string, string>>) => `/api/console/sessions/export.csv${asked(query)}`,
  ownSession: (id: string) => at<OwnSession>(`/api/console/sessions/${id}`),
  /** `api` is the one of the place where they are. */
  files: (api: string, path: string) => at<z.output<typeof FileList>>(`${api}${asked({ path })}`),
  /** Of everybody. */
  sessions: (query: Readonly<Record<string, string>> = {}) => at<List<Session>>(`/api/sessions${asked(query)}`),
  sessionsFile: (query: Readonly<Record<string, string>>) => `/api/sessions/export.csv${asked(query)}`,
  session: (id: string) => at<Session>(`/api/sessions/${id}`),
  recording: (id: string, query: Readonly<Record<string, string>> = {}) =>
    `/api/sessions/${id}/recording${asked(query)}`,
  hits: (id: string, query: string) =>
    at<z.output<typeof RecordingHits>>(`/api/sessions/${id}/recording/search${asked({ query })}`),
  rules: (policyId: string) => at<z.output<typeof SessionRules>>(`/api/session-policies/${policyId}/rules`),
  portal: at<Portal>('/api/portal'),
  portalSession: at<PortalSession | null>('/api/portal/session'),
  mySupport: at<z.output<typeof MySupportSessions>>('/api/support/sessions'),
  supportSession: (lsid: string, after = 0) =>
    at<z.output<typeof OwnSupportSession>>(`/api/support/sessions/${lsid}${asked({ after: String(after) })}`),
  supportPeople: at<z.output<typeof SupportPeople>>('/api/support/people'),
  consoleFields: at<z.output<typeof ConsoleFields>>('/api/support/fields'),
  /** Jump Clients that the person reaches. */
  reachedClients: (query: Readonly<Record<string, string>>) =>
    at<List<ReachedClient>>(`/api/console/jump-clients${asked(query)}`),
  reachedClient: (id: string | number) => at<ReachedDetail>(`/api/console/jump-clients/${id}`),
  machine: (lsid: string) => at<MachineOfSession>(`/api/support/sessions/${lsid}/machine`),
  machineShells: (lsid: string) => at<z.output<typeof ShellsOfSession>>(`/api/support/sessions/${lsid}/machine/shells`),
  machineRecording: (lsid: string, shell: string) => `/api/support/sessions/${lsid}/machine/shells/${shell}/recording`,
  cannedMessages: at<z.output<typeof CannedMessages>>('/api/support/canned-messages'),
  /** Of everybody. */
  allSupport: (query: Readonly<Record<string, string>> = {}) =>
    at<z.output<typeof SupportSessions>>(`/api/support-sessions${asked(inTime(query))}`),
  anySupport: (lsid: string, after = 0) =>
    at<WholeSession>(`/api/support-sessions/${lsid}${asked({ after: after === 0 ? '' : String(after) })}`),
  supportFile: (lsid: string, { id, kind }: Pick<SupportFile, 'id' | 'kind'>) =>
    `/api/support-sessions/${lsid}/${kind === 'file' ? 'files' : 'recordings'}/${id}`,
  supportExport: (format: 'csv' | 'json') => (query: Readonly<Record<string, string>>) =>
    `/api/support-sessions/export.${format}${asked(inTime(query))}`,
  sessionKeys: (query: Readonly<Record<string, string>>) =>
    at<z.output<typeof SessionKeys>>(`/api/session-keys${asked(query)}`),
  recipient: (id: number) => at<Item>(`/api/outbound-events/recipients/${id}`),
  deliveries: (id: number, query: Readonly<Record<string, string>>) =>
    at<z.output<typeof Deliveries>>(`/api/outbound-events/recipients/${id}/deliveries${asked(query)}`),
  survey: (kind: string) => at<Survey>(`/api/surveys/${kind}`),
  hostKeys: (query: Readonly<Record<string, string>>) => at<List<HostKey>>(`/api/host-keys${asked(query)}`),
} as const;
