import type { SetupStep } from '@gatehouse/connector-kit';
import { scopes } from './scopes.ts';

/** The wizard. Links lead into Okta's documentation, because the address of the console is known only after step 1. */
export const setup: readonly SetupStep<'domain' | 'clientId' | 'privateKey' | 'keyId'>[] = [
  {
    title: 'Enter your Okta domain',
    text: [
      'It is the address at which people sign in, for example **acme.okta.com**.',
      'Copied from the address bar of the Admin Console it reads **acme-admin.okta.com**: the “-admin” is removed for you.',
      'Sign in to the Admin Console as a **Super Administrator** in another tab; the next steps happen there.',
    ],
    links: [
      {
        title: 'Find your Okta domain',
        url: 'https://developer.okta.com/docs/guides/find-your-domain/main/',
      },
    ],
    settings: ['domain'],
  },
  {
    title: 'Create an app integration',
    text: [
      'Go to **Applications** › **Applications** and select **Create App Integration**.',
      'Choose **API Services** and select **Next**.',
      'Name it **Gatehouse** and select **Save**.',
      'Under **General Settings** the option **Require Demonstrating Proof of Possession (DPoP)** may be on or off: both work.',
    ],
    links: [
      {
        title: 'Create a service app integration',
        url: 'https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/',
      },
    ],
  },
  {
    title: 'Copy the client ID',
    text: ['On the app’s **General** tab, under **Client Credentials**, copy the **Client ID** and paste it below.'],
    settings: ['clientId'],
  },
  {
    title: 'Generate a key',
    text: [
      'Under **Client Credentials** select **Edit** and choose **Public key / Private key** as the client authentication.',
      'Select **Add key**, then **Generate new key**.',
      'Under **Private key** select **PEM**, then **Copy to clipboard**, and paste it below. Okta shows it only now.',
      'Select **Done**, then **Save**. If the app has several keys, copy the **KID** of this one as well; with a single key leave it empty.',
    ],
    settings: ['privateKey', 'keyId'],
  },
  {
    title: 'Grant the scopes',
    text: [
      'Open the tab **Okta API Scopes** and select **Grant** for each of these. All of them only read.',
      ...scopes.map((scope) => `\`${scope}\``),
      'What is not granted is not read; everything else works, and the connection says what is missing.',
    ],
    links: [{ title: 'OAuth 2.0 scopes of Okta', url: 'https://developer.okta.com/docs/api/oauth2/' }],
  },
  {
    title: 'Assign the admin roles',
    text: [
      'Go to **Security** › **Administrators** › **Roles** and select **Create new role**. Name it **Gatehouse**, and under **Identity and Access Management** select **View roles, resources, and admin assignments**. Select **Save role**.',
      'On the tab **Resources** select **Create new resource set**, name it **Gatehouse**, and add **All Identity and Access Management resources**.',
      'Back in the app open **Admin roles** › **Edit assignments**. Add the role **Gatehouse** with the resource set **Gatehouse**, then add the role **Read-only Administrator**. Select **Save changes**.',
      'If your network zones restrict where administrators and apps may come from, allow the addresses below.',
    ],
    links: [
      {
        title: 'Create a custom admin role',
        url: 'https://help.okta.com/en-us/content/topics/security/custom-admin-role/create-role.htm',
      },
    ],
    showsEgress: true,
  },
];
