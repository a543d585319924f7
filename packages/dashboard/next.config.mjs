import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What the toasts put into the page as a style, by the hash that lets them (src/content-policy.ts). */
function toastStyleHash() {
  const script = readFileSync(join(dirname(createRequire(import.meta.url).resolve('sonner')), 'index.mjs'), 'utf8');
  const [, text] = /^__insertCSS\((".*")\);$/m.exec(script) ?? [];
  if (text === undefined) throw new Error('sonner no longer has its styles in __insertCSS("…")');
  return `sha256-${createHash('sha256').update(JSON.parse(text)).digest('base64')}`;
}

const ROOT = join(import.meta.dirname, '../..');

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  env: { TOAST_STYLE_HASH: toastStyleHash() },
  reactStrictMode: true,
  // The workspace: the contract is resolved through the repository's node_modules.
  turbopack: { root: ROOT, rules: { '**/contract/dist/*.js': { loaders: ['./without-schemas.cjs'] } } },
  // A server with just the files that it needs: what hive up, the package and the image start.
  output: 'standalone',
  outputFileTracingRoot: ROOT,
  // No picture is resized: scripts/package.mjs leaves out what would do it, which is built for one machine.
  images: { unoptimized: true },
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'X-Frame-Options', value: 'DENY' },
          { key: 'Referrer-Policy', value: 'no-referrer' },
        ],
      },
    ];
  },
};
