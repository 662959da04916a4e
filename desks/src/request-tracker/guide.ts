/** The chapters of its page. */
export const guide = [
  {
    title: 'Set up',
    lines: [
      '1. Make a user for sessions (Admin, Users, Create), let it be granted rights, and make an authentication token for it',
      '   (Admin, Users, its page, Auth Tokens). Tokens are in the core of Request Tracker since version 5.',
      '2. Enter the settings. Fields need not be there yet: their names are enough.',
      '3. Have the set-up made from them and run its lines on the machine of Request Tracker. It makes the custom fields and',
      '   applies them to the queues, makes the links, grants the rights below and, where a webhook secret is entered, adds a',
      '   scrip that tells the desk program of changes. It looks first what is there, so it may be run again, and has to be',
      '   after a change of names, queues or the secret. It holds the secret: remove it afterwards.',
      '4. Make a ticket that nobody works on, enter its number as the probe ticket, and test the settings.',
    ],
  },
  {
    title: 'Rights',
    lines: [
      'The least that the account needs, in the queues whose tickets have sessions. A test takes each away and sees what',
      'fails, and the test of the settings names the one that is missing.',
      '',
      '| right | for | without it |',
      '|---|---|---|',
      '| `SeeQueue` | the queue | the name of the queue is empty, so that rules of assignment cannot read it |',
      '| `ShowTicket` | the queue | no ticket is found |',
      '| `ShowTicketComments` | the queue | notes are written and cannot be seen again, so that they would be written twice |',
      '| `CommentOnTicket` | the queue | no note is written |',
      '| `SeeCustomField` | each field | the field is not there: its values are neither read nor written |',
      '| `ModifyCustomField` | each field | Request Tracker answers 200 and leaves the field as it was |',
      '| `ReplyToTicket` | the queue | only where customers are written to |',
      '| `CreateTicket` | the queue | only where sessions make tickets |',
      '| `ModifyTicket` | the queue | only where sessions move tickets. It stands for `CommentOnTicket`, too |',
      '',
      'Customers must not have `ShowTicketComments`: neither Everyone nor the roles Requestor and Cc.',
    ],
  },
  {
    title: 'What to know',
    lines: [
      '- Request Tracker refuses every comment that names the version of its ticket, so that two processes could both write one',
      '  note. The notes field is where a note is claimed first; only the account needs to see it.',
      '- A note cannot be changed: a later revision follows the earlier one.',
      '- A ticket that was deleted is taken for one that is not there.',
    ],
  },
] as const;
