import { readFileSync } from 'node:fs';
import { HiveError, type Tls } from '@hive/contract';
import { cryptography } from '../built-in.js';
import type { TlsMaterial } from '../measuring.js';
import { fillIn, type Environment } from './secrets.js';

/**
 * Reads the files and fills in what a target's `tls` names.
 * @throws HiveError `validation` for what cannot be read or is no certificate or key; never with what was read.
 */
export function readTls(tls: Tls | undefined, environment: Environment): TlsMaterial | undefined {
  if (tls === undefined) return undefined;
  const { serverName } = tls;
  const [cert, ca] = [readPem('cert', tls.cert, environment), readPem('ca', tls.ca, environment)];
  const key = readPem('key', tls.key ?? tls.cert, environment);
  if (cert === undefined && tls.key !== undefined)
    throw new HiveError('validation', 'tls.key is given without tls.cert', {
      hint: 'give the certificate too (--cert)',
    });
  const material: TlsMaterial = {
    ...(cert !== undefined && { cert }),
    ...(cert !== undefined && key !== undefined && { key }),
    ...(ca !== undefined && { ca }),
    ...(serverName !== undefined && { serverName }),
  };
  check(material);
  return material;
}

function readPem(name: 'cert' | 'key' | 'ca', given: string | undefined, environment: Environment): string | undefined {
  if (given === undefined) return undefined;
  const value = fillIn(given, environment);
  if (value.includes('${'))
    throw new HiveError('validation', `tls.${name} needs ${value}, which is not set in the environment`, {
      hint: 'export it, or give the path of a file',
    });
  if (value.includes('-----BEGIN')) return value;
  try {
    return readFileSync(value, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new HiveError('validation', `tls.${name}: ${given} cannot be read (${code})`, {
      hint: 'name a PEM file on the machine that sends the load',
    });
  }
}

const FORMS = {
  cert: 'is no certificate in PEM form (-----BEGIN CERTIFICATE-----)',
  ca: 'is no certificate in PEM form (-----BEGIN CERTIFICATE-----)',
  key: 'is no private key in PEM form (-----BEGIN PRIVATE KEY-----), or is encrypted',
} as const;

function check({ cert, key, ca }: TlsMaterial): void {
  const { X509Certificate, createPrivateKey } = cryptography();
  const wrong = (name: keyof typeof FORMS): HiveError =>
    new HiveError('validation', `tls.${name} ${FORMS[name]}`, {
      hint: 'convert it with openssl, without a passphrase',
    });
  const isCertificate = (text: string): InstanceType<typeof X509Certificate> | null => {
    try {
      return new X509Certificate(text);
    } catch {
      return null;
    }
  };
  if (ca !== undefined && isCertificate(ca) === null) throw wrong('ca');
  if (cert === undefined) return;
  const own = isCertificate(cert);
  if (own === null) throw wrong('cert');
  let fits: boolean;
  try {
    fits = own.checkPrivateKey(createPrivateKey(key ?? ''));
  } catch {
    throw wrong('key');
  }
  if (!fits)
    throw new HiveError('validation', 'tls.key does not belong to tls.cert', {
      hint: 'give the key of this certificate',
    });
}
