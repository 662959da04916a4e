import { hkdfSync } from 'node:crypto';
import { passkey } from '@better-auth/passkey';
import type { Database } from '@gatehouse/database';
import { newId, type Secret } from '@gatehouse/kernel';
import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { genericOAuth, twoFactor } from 'better-auth/plugins';
import type { Log } from '../log.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import { hashPassword, verifyPassword } from './passwords.ts';

/** An OpenID Connect provider that people may sign in with. Only people who were invited get in. */
export interface OidcProvider {
  /** In addresses: `/api/auth/callback/<id>` is the redirect address to register there. */
  readonly id: string;
  readonly name: string;
  /** `https://acme.okta.com`; discovery adds `/.well-known/openid-configuration`. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly scopes?: readonly string[];
}

export interface SignInOptions {
  readonly providers?: readonly OidcProvider[];
  /** A sign-in ends when it was not used for so long. Default 12 hours. */
  readonly idleMs?: number;
  /** A sign-in ends so long after it began, used or not. Default 7 days. */
  readonly lifetimeMs?: number;
  /** People who must be invited first; the link of the first administrator works so long. Default 24 hours. */
  readonly welcomeMs?: number;
}

export interface AuthParts {
  readonly program: { readonly id: string; readonly title: string };
  readonly database: Database;
  readonly keys: KeyRing;
  readonly baseUrl: string;
  /** Origins that our own pages have. The first is the one of `baseUrl`. */
  readonly origins: readonly string[];
  readonly options: SignInOptions;
  readonly providers: readonly OidcProvider[];
  readonly log: Log;
}

export type Auth = ReturnType<typeof createAuth>;

/**
 * better-auth, set up: which tables, how passwords are hashed, which ways to sign in. Its routes are reached only
 * through the list in routes.ts; nothing else of it is open.
 */
export const createAuth = ({ program, database, keys, baseUrl, origins, options, providers, log }: AuthParts) => {
  const https = baseUrl.startsWith('https:');
  return betterAuth({
    appName: program.title,
    baseURL: baseUrl,
    basePath: '/api/auth',
    secret: deriveSecret(keys.current.key),
    trustedOrigins: [...origins],
    telemetry: { enabled: false },
    // The server's own limits hold before a request comes here (lock-out.ts, limits.ts).
    rateLimit: { enabled: false },
    database: { db: database.owner, type: 'postgres', transaction: true },
    advanced: {
      database: { generateId: () => newId() },
      ...cookies(program.id, https),
      // Set by routes.ts from the connection, never by the client.
      ipAddress: { ipAddressHeaders: ['x-gatehouse-address'] },
    },
    user: {
      modelName: 'people',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: {
        systemAdministrator: { type: 'boolean', fieldName: 'system_administrator', input: false, defaultValue: false },
        disabled: { type: 'boolean', fieldName: 'disabled', input: false, defaultValue: false },
      },
    },
    session: {
      modelName: 'sign_ins',
      fields: {
        userId: 'person_id',
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
      },
      expiresIn: Math.floor((options.idleMs ?? 43_200_000) / 1_000),
      updateAge: 300,
      freshAge: 3_600,
    },
    account: {
      modelName: 'sign_in_methods',
      fields: {
        userId: 'person_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      encryptOAuthTokens: true,
      accountLinking: { enabled: true, allowDifferentEmails: false },
    },
    verification: {
      modelName: 'sign_in_verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
      storeIdentifier: 'hashed',
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 128,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    databaseHooks: {
      account: {
        create: {
          // We use a provider to learn who signs in and for nothing else, so its tokens are not kept.
          before: async (account) => ({
            data: { ...account, accessToken: null, refreshToken: null, idToken: null },
          }),
        },
        update: {
          before: async (account) => ({
            data: { ...account, accessToken: null, refreshToken: null, idToken: null },
          }),
        },
      },
    },
    onAPIError: { errorURL: `${baseUrl}/sign-in` },
    logger: {
      level: 'warn',
      log: (level, message) => log[level === 'error' ? 'error' : 'warn']({ part: 'sign-in' }, message.slice(0, 500)),
    },
    plugins: [
      twoFactor({
        issuer: program.title,
        twoFactorTable: 'second_factors',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'second_factors',
            fields: {
              userId: 'person_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
      passkey({
        rpID: new URL(baseUrl).hostname,
        rpName: program.title,
        origin: [...origins],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        // The library accepts an authenticator that did not check its person; a passkey alone signs in here, so we do not.
        registration: {
          afterVerification: async ({ verification }) => mustBeVerified(verification.registrationInfo?.userVerified),
        },
        authentication: {
          afterVerification: async ({ verification }) => mustBeVerified(verification.authenticationInfo.userVerified),
        },
        schema: {
          passkey: {
            modelName: 'passkeys',
            fields: {
              userId: 'person_id',
              publicKey: 'public_key',
              credentialID: 'credential_id',
              deviceType: 'device_type',
              backedUp: 'backed_up',
              createdAt: 'created_at',
            },
          },
        },
      }),
      genericOAuth({
        config: providers.map((provider) => ({
          providerId: provider.id,
          name: provider.name,
          discoveryUrl: `${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
          requireIdTokenVerification: true,
          clientId: provider.clientId,
          clientSecret: provider.clientSecret.reveal(),
          scopes: [...(provider.scopes ?? ['openid', 'email', 'profile'])],
          pkce: true,
          disableSignUp: true,
          disableImplicitSignUp: true,
        })),
      }),
    ],
  });
};

const mustBeVerified = (verified: boolean | undefined): void => {
  if (verified !== true) {
    throw new APIError('BAD_REQUEST', {
      code: 'PERSON_NOT_VERIFIED',
      message: 'The passkey did not ask for your PIN, finger or face. Use one that does.',
    });
  }
};

/**
 * Cookies of programs on one host must not meet, because cookies do not know ports: the program is in the name. On
 * https the names begin with `__Host-`, so that no other subdomain can set them.
 */
export const cookiePrefix = (program: string, https: boolean): string =>
  https ? `__Host-gatehouse-${program}` : `gatehouse-${program}`;

const cookies = (program: string, https: boolean) => {
  const attributes = { sameSite: 'lax', httpOnly: true, path: '/', secure: https } as const;
  // The library would put `__Secure-` in front, and a name has one prefix only; `secure` is set above instead.
  return { useSecureCookies: false, cookiePrefix: cookiePrefix(program, https), defaultCookieAttributes: attributes };
};

/** Another key for another purpose, from the one key of the program. */
const deriveSecret = (key: Buffer): string =>
  Buffer.from(hkdfSync('sha256', key, '', 'gatehouse sign-in', 32)).toString('base64');
