import { z } from 'zod';

const HOST = String.raw`\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]*`;
const RULE = new RegExp(String.raw`^(${HOST}):(\d{0,5}):(${HOST}):(\d{0,5})$`);

/** `HOST:PORT`, an IPv6 address in brackets. */
export const placeSchema = z.string().regex(/^(?:\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/, 'write host:port');

const ruleSchema = z
  .string()
  .regex(RULE, 'write HOST:PORT:HOST2:PORT2, such as api.example.com:443:127.0.0.1:8443; an empty part fits any');
/** One rule, or several, as curl's `--connect-to`. */
export const connectToSchema = z.union([ruleSchema, z.array(ruleSchema).min(1).max(64)]);

interface Node {
  url: string;
  connect?: string | undefined;
}

/** The nodes with where each is dialled: the first rule that fits a node's host and port decides. */
export function withConnectTo<Given extends Node>(
  nodes: readonly Given[],
  rules: z.infer<typeof connectToSchema>,
): Given[] {
  return nodes.map((node) => {
    const rule = [rules].flat().find((one) => fits(one, node.url));
    return rule === undefined ? node : { ...node, connect: placeOfRule(rule, node.url) };
  });
}

/** The first rule that fits no node, or null. An address that is none has an error of its own. */
export function unfitRule(nodes: readonly Node[], rules: z.infer<typeof connectToSchema>): string | null {
  if (!nodes.every(({ url }) => URL.canParse(url))) return null;
  return [rules].flat().find((rule) => !nodes.some(({ url }) => fits(rule, url))) ?? null;
}

function fits(rule: string, text: string): boolean {
  const [, host = '', port = ''] = RULE.exec(rule) ?? [];
  const own = hostAndPort(text);
  return (host === '' || host.toLowerCase() === own.host) && (port === '' || Number(port) === own.port);
}

function placeOfRule(rule: string, text: string): string {
  const [, , , host = '', port = ''] = RULE.exec(rule) ?? [];
  const own = hostAndPort(text);
  return `${host === '' ? own.host : host}:${port === '' ? own.port : port}`;
}

function hostAndPort(text: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(text);
  return { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}
