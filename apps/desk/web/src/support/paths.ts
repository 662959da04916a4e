import { at } from '@gatehouse/ui';
import type { z } from 'zod';
import type {
  ConnectionAnswer,
  ConnectionList,
  DeskList,
  NewConnection,
  OwnConnections,
  SetUpAnswer,
} from '../../../src/api/connections.ts';
import type { DetailList, WholeDetail } from '../../../src/api/details.ts';
import type { EventList } from '../../../src/api/events.ts';
import type { KeyAnswer as KeyShape, TicketAnswer } from '../../../src/api/keys.ts';
import type { SiteAnswer, SiteList } from '../../../src/api/sites.ts';

export type Connection = z.output<typeof ConnectionAnswer>;
export type Site = z.output<typeof SiteAnswer>;
export type DeskKind = z.output<typeof DeskList>['items'][number];
export type Ticket = z.output<typeof TicketAnswer>;
export type KeyAnswer = z.output<typeof KeyShape>;
export type Detail = z.output<typeof DetailList>['items'][number];
export type Whole = z.output<typeof WholeDetail>;
export type SiteEvent = z.output<typeof EventList>['items'][number];
export type Made = z.output<typeof NewConnection>;

const asked = (query: Readonly<Record<string, string>>) => {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  return search.size === 0 ? '' : `?${search}`;
};
const ticketPath = (connectionId: string, ticket: string) =>
  `/api/connections/${connectionId}/tickets/${encodeURIComponent(ticket)}`;

/** Every address that these pages ask, with what it answers. */
export const supportPaths = {
  sites: at<z.output<typeof SiteList>>('/api/sites'),
  site: (siteId: string) => at<Site>(`/api/sites/${siteId}`),
  desks: at<z.output<typeof DeskList>>('/api/desks'),
  connections: at<z.output<typeof ConnectionList>>('/api/connections'),
  /** Those of the desk that comes with this program. */
  ownConnections: at<z.output<typeof OwnConnections>>('/api/own-connections'),
  connection: (connectionId: string) => at<Connection>(`/api/connections/${connectionId}`),
  setUp: (connectionId: string) => at<z.output<typeof SetUpAnswer>>(`/api/connections/${connectionId}/set-up`),
  ticket: (connectionId: string, ticket: string) => at<Ticket>(ticketPath(connectionId, ticket)),
  events: (query: Readonly<Record<string, string>>) => at<z.output<typeof EventList>>(`/api/events${asked(query)}`),
  sessions: (query: Readonly<Record<string, string>>) =>
    at<z.output<typeof DetailList>>(`/api/support-sessions${asked(query)}`),
  session: (connectionId: string, lsid: string) => at<Whole>(`/api/support-sessions/${connectionId}/${lsid}`),
} as const;
