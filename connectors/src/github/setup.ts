import type { SetupStep } from '@gatehouse/connector-kit';
import { type Need, needs } from './need.ts';

const listed = (level: Need['level']): string[] =>
  Object.values<Need>(needs)
    .filter((need) => need.level === level)
    .map(({ name, opens }) => `- **${name}**: ${opens}`);

/** What to click in GitHub, in the order of its pages. The permissions are those of `needs`, so the two cannot differ. */
export const setup: readonly SetupStep<'appId' | 'privateKey' | 'installationUrl'>[] = [
  {
    title: 'Create a GitHub App',
    text: [
      'You need to be an **owner** of the organization.',
      'In GitHub, click your picture, then **Your organizations**, then **Settings** beside the organization.',
      'In the left sidebar open **Developer settings**, then **GitHub Apps**, and click **New GitHub App**.',
      'Enter any **GitHub App name** and any **Homepage URL**, for example the address of this page.',
      'Under **Webhook**, clear **Active**.',
    ],
    links: [
      { title: 'Your organizations', url: 'https://github.com/settings/organizations' },
      {
        title: 'Registering a GitHub App',
        url: 'https://docs.github.com/apps/creating-github-apps/registering-a-github-app/registering-a-github-app',
      },
    ],
  },
  {
    title: 'Choose permissions',
    text: [
      'Set each of these to **Read-only**. Nothing needs write. What you leave out is not read, and the connection says so.',
      'Under **Repository permissions**:',
      ...listed('repository'),
      'Under **Organization permissions**:',
      ...listed('organization'),
      'Under **Where can this GitHub App be installed?**, choose **Only on this account**, then click **Create GitHub App**.',
    ],
    links: [
      {
        title: 'Permissions of GitHub Apps',
        url: 'https://docs.github.com/rest/authentication/permissions-required-for-github-apps',
      },
    ],
  },
  {
    title: 'App ID',
    text: ['The page that opens shows **App ID** under **About**. Copy the number.'],
    settings: ['appId'],
  },
  {
    title: 'Private key',
    text: [
      'On the same page, under **Private keys**, click **Generate a private key**. A **.pem** file is downloaded.',
      'Open the file in a text editor and paste all of it. Then delete the file.',
    ],
    links: [
      {
        title: 'Managing private keys',
        url: 'https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/managing-private-keys-for-github-apps',
      },
    ],
    settings: ['privateKey'],
  },
  {
    title: 'Install the app',
    text: [
      'In the left sidebar choose **Install App**, click **Install** beside the organization, choose **All repositories** and click **Install** again.',
      'Copy the address of the page that opens from the address bar of your browser. It looks like `https://github.com/organizations/acme/settings/installations/12345678`.',
      'If the organization has an **IP allow list**, add the addresses below to it.',
    ],
    links: [
      {
        title: 'Installing your own GitHub App',
        url: 'https://docs.github.com/apps/using-github-apps/installing-your-own-github-app',
      },
    ],
    settings: ['installationUrl'],
    showsEgress: true,
  },
];
