import type { LiveEvent } from '../../../src/api/live.ts';

/** Why a session is over, to whoever was in it. */
export const endWords = (reason: string | null): string => reasons[reason ?? ''] ?? 'The session is over.';
const reasons: Readonly<Record<string, string>> = {
  ended_by_customer: 'The customer ended the session.',
  ended_by_representative: 'A representative ended the session.',
  ended_by_administrator: 'An administrator ended the session.',
  ended_by_program: 'A program ended the session.',
  time_limit: 'The time for this session was over.',
  customer_lost: 'The page of the customer was not heard of any more.',
};

const attributeWord = (codeName: string) => (codeName === 'external_key' ? 'the ticket' : codeName);

/** What happened, in a sentence; null: it is shown otherwise, or not at all. `name` is how somebody is called here. */
export const sentenceOf = (
  { type, performedBy, body }: LiveEvent,
  name: (gsnumber: number) => string,
): string | null => {
  const who = performedBy === null ? String(body.by ?? 'The site') : name(performedBy);
  const verb = (third: string, second: string) => (who === 'You' ? second : third);
  switch (type) {
    case 'member_added':
      return `${who} ${verb('is', 'are')} in the session.`;
    case 'member_departed':
      return `${who} left.`;
    case 'transferred':
      return body.queue === undefined
        ? 'Somebody else will take over.'
        : `Transferred to ${String(body.queue)} by ${who}.`;
    case 'note_added':
      return `${who} noted: ${String(body.text)}`;
    case 'file_received':
      return `${who} downloaded ${String(body.name)}.`;
    case 'file_refused':
      return `${who} wanted to send ${String(body.name)}. ${String(body.reason)}`;
    case 'screen_started':
      return `${who} ${verb('shares', 'share')} the screen.`;
    case 'screen_stopped':
      return `${who} ${verb('does', 'do')} not share the screen any more.`;
    case 'shell_opened':
      return `${who} opened a shell on the machine.`;
    case 'shell_closed':
      return `${who === 'You' ? 'Your shell' : `The shell of ${who}`} is closed.`;
    case 'machine_file_put':
      return `${who} put ${String(body.name)} on the machine.`;
    case 'machine_file_fetched':
      return `${who} fetched ${String(body.name)} from the machine.`;
    case 'machine_asked':
      return `${who} ${verb('asks', 'ask')} for the machine ${String(body.machine)}.`;
    case 'machine_refused':
      return `${who} did not agree to connect the machine.`;
    case 'machine_lent':
      return `${who} agreed: the machine ${String(body.machine)} is connected.`;
    case 'machine_returned':
      if (body.reason === 'time_limit')
        return `The time for the machine ${String(body.machine)} was over, and it was disconnected.`;
      return body.wasLent === true
        ? `${who} disconnected the machine ${String(body.machine)}.`
        : `The machine ${String(body.machine)} is not asked for any more.`;
    case 'attributes_set':
      return `${who} changed ${Object.keys(Object(body.attributes)).map(attributeWord).join(', ')}.`;
    case 'ended':
      return endWords(typeof body.reason === 'string' ? body.reason : null);
    case 'survey_completed':
      return `${who} answered the survey.`;
    default:
      return null;
  }
};
