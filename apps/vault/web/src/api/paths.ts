import { at } from '@gatehouse/ui';
import type {
  AuditEntry,
  Checkout,
  Credential,
  CustomPlatform,
  Delegation,
  Directory,
  Identity,
  Impersonation,
  Job,
  JobDetail,
  List,
  ListDelegation,
  ListEntry,
  ManagementSet,
  My,
  MyCredential,
  MyEntry,
  Newest,
  Overview,
  PasswordRequest,
  Permission,
  Person,
  Policy,
  PolicyPreset,
  Receiver,
  Registration,
  SharedList,
  System,
} from './types.ts';

export type Query = Readonly<Record<string, string>>;

/** The query of an address; what is empty was not asked for. */
export const asked = (query: Query): string => {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  return search.size === 0 ? '' : `?${search}`;
};

const listed = <T>(path: string) => Object.assign((query: Query = {}) => at<List<T>>(path + asked(query)), { path });
const newest = <T>(path: string) => Object.assign((query: Query = {}) => at<Newest<T>>(path + asked(query)), { path });

/** Every address that the pages ask, with what it answers. */
export const paths = {
  my: at<My>('/api/my'),
  overview: at<Overview>('/api/overview'),
  credentials: listed<Credential>('/api/credentials'),
  credential: (id: string) => at<Credential>(`/api/credentials/${id}`),
  systems: listed<System>('/api/systems'),
  system: (id: string) => at<System>(`/api/systems/${id}`),
  sets: listed<ManagementSet>('/api/sets'),
  set: (id: string) => at<ManagementSet>(`/api/sets/${id}`),
  systemsOfSet: (id: string) => listed<System>(`/api/sets/${id}/systems`),
  lists: listed<SharedList>('/api/lists'),
  list: (id: string) => at<SharedList>(`/api/lists/${id}`),
  entries: (id: string) => listed<ListEntry>(`/api/lists/${id}/entries`),
  listDelegations: (id: string) => listed<ListDelegation>(`/api/lists/${id}/delegations`),
  platforms: listed<CustomPlatform>('/api/platforms'),
  platform: (id: string) => at<CustomPlatform>(`/api/platforms/${id}`),
  policies: listed<Policy>('/api/policies'),
  policy: (id: string) => at<Policy>(`/api/policies/${id}`),
  presets: at<readonly PolicyPreset[]>('/api/policies/presets'),
  identities: listed<Identity>('/api/identities'),
  identity: (id: string) => at<Identity>(`/api/identities/${id}`),
  members: (id: string) => listed<Identity>(`/api/identities/${id}/members`),
  directories: listed<Directory>('/api/directories'),
  directory: (id: string) => at<Directory>(`/api/directories/${id}`),
  permissions: listed<Permission>('/api/permissions'),
  delegations: listed<Delegation>('/api/delegations'),
  impersonations: listed<Impersonation>('/api/impersonations'),
  registrations: listed<Registration>('/api/registrations'),
  jobs: listed<Job>('/api/jobs'),
  job: (id: number | string) => at<JobDetail>(`/api/jobs/${id}`),
  myCredentials: listed<MyCredential>('/api/my/credentials'),
  myEntries: listed<MyEntry>('/api/my/entries'),
  myCheckouts: newest<Checkout>('/api/my/checkouts'),
  myRequests: newest<PasswordRequest>('/api/my/requests'),
  myApprovals: newest<PasswordRequest>('/api/my/approvals'),
  checkouts: newest<Checkout>('/api/checkouts'),
  requests: newest<PasswordRequest>('/api/requests'),
  audit: listed<AuditEntry>('/api/audit'),
  receivers: listed<Receiver>('/api/audit/receivers'),
  receiver: (id: string) => at<Receiver>(`/api/audit/receivers/${id}`),
  people: newest<Person>('/api/people'),
} as const;
