import type { LogEntry, Logged, LogFormat } from './format.js';

/** The fields of CloudFront's standard log, for a file that lost its first lines. */
const CLOUDFRONT =
  'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header';

/** Named by its own fields (W3C, Extended Log File Format, 1996): IIS and others. */
export const w3c: LogFormat = { name: 'W3C extended (IIS)', reader: () => reader(' ', null) };

/** The same with tabs. */
export const cloudFront: LogFormat = {
  name: 'CloudFront (W3C with tabs)',
  reader: () => reader('\t', CLOUDFRONT.toLowerCase().split(' ')),
};

function reader(separator: string, usual: string[] | null): (entry: LogEntry) => Logged | 'directive' | null {
  let fields = usual;
  return ({ text }) => {
    if (text.startsWith('#')) {
      const named = /^#Fields:\s*(.*)$/i.exec(text)?.[1];
      if (named !== undefined) fields = named.trim().toLowerCase().split(/\s+/);
      return /^#[A-Za-z-]+:/.test(text) ? 'directive' : null;
    }
    // Fields of the one are never in the other, for each keeps to its separator.
    const values = text.split(separator);
    if (fields === null || values.length < Math.min(fields.length, 12)) return null;
    const named = new Map(fields.map((field, index) => [field, values[index] ?? '-']));
    const said = (...names: string[]): string | null =>
      names.map((name) => named.get(name)).find((value) => value !== undefined && value !== '-' && value !== '') ??
      null;
    const method = said('cs-method');
    const stem = said('cs-uri-stem', 'cs-uri');
    const status = said('sc-status');
    if (method === null || stem === null || (status !== null && !/^\d{1,3}$/.test(status))) return null;
    const query = said('cs-uri-query');
    return {
      method,
      target: query === null ? stem : `${stem}?${query}`,
      status: status === null ? null : Number(status),
      host: said('x-host-header', 'cs-host', 'cs(host)'),
    };
  };
}
