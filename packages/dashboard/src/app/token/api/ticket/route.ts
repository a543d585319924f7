import { HiveError } from '@hive/contract';
import { askApi } from '../../../../ask-api';

const UNKEPT = { 'cache-control': 'no-store' };

/** A ticket for the scripts of the page, from the API, in the name of the token in the cookie; answers as the API does. */
export async function GET(): Promise<Response> {
  const asked = await askApi((client) => client.call('getTicket'));
  if ('answer' in asked) return Response.json(asked.answer, { headers: UNKEPT });
  const { code, message, hint } = asked.refusal;
  const error = new HiveError(code, message, hint === null ? {} : { hint });
  return Response.json(error.toBody(), { status: error.status, headers: UNKEPT });
}
