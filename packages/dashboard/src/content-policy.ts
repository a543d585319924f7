import { createHash } from 'node:crypto';
import { BUILT } from './config';

interface Page {
  /** In every script and style element that is ours. */
  nonce: string;
  /** Where the browser reaches the API. */
  apiUrl: string;
}

/** A style element is empty when a script puts it into the page. */
const EMPTY_STYLE = hashOf('');
/** React in development makes functions of text. */
const DEVELOPMENT = BUILT.isDevelopment ? " 'unsafe-eval'" : '';

/** The Content-Security-Policy of a page: it runs what it came with, and speaks with the dashboard and its API alone. */
export function contentPolicy({ nonce, apiUrl }: Page): string {
  const { origin } = new URL(apiUrl);
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${DEVELOPMENT}`,
    `style-src 'self' 'nonce-${nonce}' '${EMPTY_STYLE}' '${BUILT.toastStyle}'`,
    // Widths of bars, and what React writes into its HTML.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    `connect-src 'self' ${origin} ${origin.replace(/^http/, 'ws')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function hashOf(style: string): string {
  return `sha256-${createHash('sha256').update(style).digest('base64')}`;
}
