/** The chapters of its page. */
export const guide = [
  {
    title: 'Set up',
    lines: [
      '1. Make a user for sessions, let it sign in once and take its API key (My account, API access key). It need not be an',
      '   administrator, and should not be.',
      '2. Enter the settings. Fields need not be there yet: their names are enough.',
      '3. Have the set-up made from them and run it in the folder of Redmine. It enables REST web services, makes the custom',
      '   fields with their links, each used as a filter, and makes the user a member of the project with the role “Gatehouse”,',
      '   which has the permissions below. It looks first what is there, so it may be run again.',
      '4. Make an issue that nobody works on, enter its number as the probe issue, and test the settings.',
    ],
  },
  {
    title: 'Permissions',
    lines: [
      'The least that the role needs. A test takes each away and sees what fails, and the test of the settings names the one',
      'that is missing.',
      '',
      '| permission | without it |',
      '|---|---|',
      '| `view_issues` | no issue is found |',
      '| `edit_issues` | Redmine answers 204 and leaves the fields as they were |',
      '| `add_issue_notes` | no note is written |',
      '| `set_notes_private` | Redmine would make notes public: nothing is sent |',
      '| `edit_own_issue_notes` | a later revision is not written, and a double stays |',
      '| `add_issues` | only where sessions make issues |',
    ],
  },
  {
    title: 'What to know',
    lines: [
      '- Files are never attached: in Redmine they would stand in a public journal beside a private note.',
      '- Session ids are one on each line in a field of long text, because fields of text take one value.',
      '- People are looked for among the members of the project; by address only those who do not hide it.',
      '- Redmine gives nobody the version of an issue by its API, so versions are compared just before a write.',
    ],
  },
] as const;
