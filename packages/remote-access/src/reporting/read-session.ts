import { all, textIn, type XmlElement } from '../wire/xml.ts';
import type { Customer, Representative, Session, SessionFile, Survey } from './model.ts';
import { readActor, readEvent } from './read-event.ts';
import { readSurvey } from './read-survey.ts';
import { flag, numberAt, numberIn, textOr, timeOf, within } from './tolerant.ts';

/** A session, whatever of it is missing; without an id it is none. */
export const readSession = (session: XmlElement): Session | null => {
  const lsid = session.attributes.get('lsid')?.trim().toLowerCase() ?? '';
  if (lsid === '') return null;
  const events = within(session, 'session_details', 'event').map(readEvent);
  const primaryCustomer = gsnumberOf(session, 'primary_customer');
  const primaryRep = gsnumberOf(session, 'primary_rep');
  const surveys = (list: string, name: string, kind: Survey['kind']) =>
    within(session, list, name).map((one) => readSurvey(one, kind, lsid));
  return {
    ...{ lsid, number: numberIn(session, 'lseq'), type: textOr(session, 'session_type') },
    ...{ startedAt: timeOf(session, 'start_time'), endedAt: timeOf(session, 'end_time') },
    externalKey: textOr(session, 'external_key'),
    attributes: new Map(
      within(session, 'custom_attributes', 'custom_attribute').map((one) => [
        one.attributes.get('code_name') ?? '',
        one.text,
      ]),
    ),
    jumpGroup: textIn(session, 'jump_group'),
    customers: within(session, 'customer_list', 'customer').map((one) => readCustomer(one, primaryCustomer)),
    representatives: within(session, 'rep_list', 'representative').map((one) => readRepresentative(one, primaryRep)),
    fileTransfers: numberIn(session, 'file_transfer_count') ?? 0,
    urls: {
      chatView: textIn(session, 'session_chat_view_url'),
      // Older sites have one address for both.
      chat: textIn(session, 'session_chat_download_url') ?? textIn(session, 'session_chat_url'),
      recording: textIn(session, 'session_recording_download_url'),
      shells: within(session, 'command_shell_recordings', 'command_shell_recording')
        .map((one) => textIn(one, 'download_url'))
        .filter((url) => url !== null),
    },
    events,
    files: events.flatMap(({ file, type, at }): readonly (SessionFile & { type: string; at: Date | null })[] =>
      file === null ? [] : [{ ...file, type, at }],
    ),
    surveys: [
      ...surveys('cust_survey_list', 'cust_exit_survey', 'customer'),
      ...surveys('rep_survey_list', 'rep_exit_survey', 'representative'),
    ],
  };
};

const gsnumberOf = (session: XmlElement, name: string): number | null => {
  const [one] = all(session, name);
  return one === undefined ? null : (readActor(one)?.gsnumber ?? null);
};

const readParticipant = (one: XmlElement, primary: string, primaryNumber: number | null) => {
  const gsnumber = numberAt(one, 'gsnumber') ?? 0;
  return {
    ...{ gsnumber, username: textOr(one, 'username'), hostname: textOr(one, 'hostname') },
    ...{ operatingSystem: textOr(one, 'os'), publicAddress: textOr(one, 'public_ip') },
    privateAddress: textOr(one, 'private_ip'),
    isPrimary: flag(one, primary) || gsnumber === primaryNumber,
  };
};

const readCustomer = (one: XmlElement, primaryNumber: number | null): Customer => {
  const [info] = all(one, 'info');
  const of = (name: string) => (info === undefined ? '' : textOr(info, name));
  const participant = readParticipant(one, 'primary_cust', primaryNumber);
  return { ...participant, name: of('name') || participant.username, company: of('company'), issue: of('issue') };
};

const readRepresentative = (one: XmlElement, primaryNumber: number | null): Representative => {
  const participant = readParticipant(one, 'primary_rep', primaryNumber);
  return {
    ...participant,
    id: numberAt(one, 'id'),
    name: textOr(one, 'display_name') || textOr(one, 'public_display_name') || participant.username,
    secondsInvolved: numberIn(one, 'seconds_involved') ?? 0,
  };
};
