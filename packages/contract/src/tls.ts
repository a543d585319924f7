import { z } from 'zod';

/** The path of a file on the machine that sends, the text itself (PEM), or `${NAME}` of its environment. */
const material = z.string().min(1).max(100_000);

export const tlsSchema = z.object({
  /** Certificate by which Hive shows who it is, with what else belongs to its chain. */
  cert: material.optional(),
  /** Its private key. Default: in the same file as the certificate. */
  key: material
    .refine(
      (text) => !text.includes('-----BEGIN'),
      'a private key may not stand in a target, which is stored: give the path of its file, or ${NAME} of the environment',
    )
    .optional(),
  /** The authorities that the target's certificate is verified with, in place of the usual ones. */
  ca: material.optional(),
  /** The name to ask for and to verify, in place of the URL's host. */
  serverName: z
    .string()
    .regex(/^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/i, 'write a host name, such as api.example.com')
    .optional(),
});
/** How a target is spoken to over TLS. */
export type Tls = z.infer<typeof tlsSchema>;
