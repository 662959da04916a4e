import type { SetupStep } from '@gatehouse/connector-kit';
import { features } from './needs.ts';

type Setting = 'url' | 'apiKey' | 'runAs' | 'password' | 'certificateAuthorities';

/** The wizard, and what whoever installs a collector has to do before. */
export const setup: readonly SetupStep<Setting>[] = [
  {
    title: 'Enter the address of Password Safe',
    text: [
      'It is the address at which people open Password Safe, for example **https://pam.corp.example/**. The path of the API is added by itself.',
      'A Password Safe inside your network is read by a collector near it. One in the cloud, and one that this server reaches, can be connected here.',
      'Where its certificate was issued by an authority of your own, paste the certificate of that authority.',
    ],
    settings: ['url', 'certificateAuthorities'],
  },
  {
    title: 'Create an API registration',
    text: [
      'In BeyondInsight go to **Configuration** › **General** › **API Registrations**, select **Create API Registration**, and choose **API Key Policy**.',
      'Name it **Gatehouse**. Switch off **Enforce multi-factor authentication** and **Client certificate required**: a program has neither.',
      'Under **Authentication Rules** add the address of the machine that will read: the collector, or the addresses below.',
      'Select **Create Registration**, then show the key and copy it.',
    ],
    settings: ['apiKey'],
    showsEgress: true,
  },
  {
    title: 'Create the run-as user',
    text: [
      'Go to **Configuration** › **Role Based Access** › **User Management** and create a user for Gatehouse alone, with **Two-Factor Authentication** set to **None**.',
      'Enter its password below only if **User password required** is switched on in the API registration.',
    ],
    settings: ['runAs', 'password'],
  },
  {
    title: 'Give it a group that may read',
    text: [
      'Create a group named **Gatehouse**, assign the user to it, and check the API registration under **API Registrations**.',
      'Under **Features** assign these, each with **Read Only**:',
      ...Object.values(features).map((feature) => `**${feature}**`),
      'Under **Smart Groups** assign **Read Only** to **All Assets**, **All Managed Systems** and **All Managed Accounts**, and to every other Smart Group whose accounts you want to see.',
      'Edit the Password Safe roles of **All Assets** and check **Auditor**, which shows sessions.',
      'What is not granted is not read; everything else works, and the connection says what is missing. Nothing is ever requested, released or changed; to ask for the members of a directory’s group makes Password Safe take them over from the directory, as it does by itself.',
    ],
  },
];
