/**
 * Proves every attack of the catalogue on a cloud assembly, each account for itself: how long it takes.
 *
 * Argument: the assembly. Prints one line of JSON.
 */
import { EVERY_ATTACK } from '../../lib/assurance/attacks/catalogue';
import { judgesOf, proofsOf } from '../../lib/assurance/attacks/proof-run';
import { ConstructMetadata, postureRecords, readAssembly } from '../../lib/assurance/template-source';

const [directory] = process.argv.slice(2);
const start = process.cpuUsage();
const groups = proofsOf(
  judgesOf(readAssembly(directory), {
    postures: postureRecords(ConstructMetadata.read(directory)),
    operators: ['arn:*:iam::*:role/cdk-*-cfn-exec-role-*', 'arn:*:iam::*:role/break-glass'],
  }),
  EVERY_ATTACK,
);
const { user, system } = process.cpuUsage(start);
const verdicts = Object.fromEntries(groups.flatMap(({ account, results }) => results.map(({ id, verdict }) => [`${account} ${id}`, verdict])));
process.stdout.write(JSON.stringify({ cpu: (user + system) / 1000, rss: process.memoryUsage().rss / 2 ** 20, verdicts }));
