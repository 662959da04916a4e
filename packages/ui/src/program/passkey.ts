import { Problem } from '../problem.ts';
import { send } from './send.ts';

/** What a browser with passkeys offers; older ones lack it, and the button with them. */
export const hasPasskeys = () =>
  typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;

/** Signs in with a passkey of this device. */
export const signInWithPasskey = async () => {
  const options = await send<PublicKeyCredentialRequestOptionsJSON>(
    'GET',
    '/api/auth/passkey/generate-authenticate-options',
  );
  const credential = await asked(
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
  );
  await send('POST', '/api/auth/passkey/verify-authentication', { response: credential.toJSON() });
};

export const addPasskey = async (name: string) => {
  const options = await send<PublicKeyCredentialCreationOptionsJSON>(
    'GET',
    `/api/auth/passkey/generate-register-options?${new URLSearchParams({ name })}`,
  );
  const credential = await asked(
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  );
  await send('POST', '/api/auth/passkey/verify-registration', { response: credential.toJSON(), name });
};

const asked = async (credential: Promise<Credential | null>): Promise<PublicKeyCredential> => {
  try {
    const found = await credential;
    if (found instanceof PublicKeyCredential) return found;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError')
      throw new Problem(0, 'This device has a passkey for you already', 'Use it to sign in.');
    throw new Problem(0, 'No passkey was used', 'The browser or the person ended it. Try again.');
  }
  throw new Problem(0, 'No passkey was used', 'The browser offered none.');
};
