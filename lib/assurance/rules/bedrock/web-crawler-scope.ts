import { any, isOneOf, matches, not } from '../answer';
import { itemsOf } from '../subject';
import { judged } from '../judgement';
import type { Rule } from '../rule';

const CRAWLER = 'DataSourceConfiguration.WebConfiguration.CrawlerConfiguration';

/** `AISec-BR18`. */
export const webCrawlerScope: Rule = {
  id: 'AISec-BR18',
  name: 'WebCrawlerScope',
  title: 'A crawler reads the hosts that it was given, or addresses that a filter names',
  severity: 'MEDIUM',
  controls: ['ML1'],
  threats: ['AML.T0051.001', 'AML.T0070', 'LLM01', 'LLM04'],
  why: 'A page of a forgotten subdomain or of a stranger carries instructions, and the assistant reads them to every user as its own knowledge.',
  remedy: 'Set Scope to HOST_ONLY, or add InclusionFilters.',
  example: "crawlerConfiguration: { scope: 'HOST_ONLY', inclusionFilters: ['https://docs\\\\.example\\\\.com/.*'] }",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/webcrawl-data-source-connector.html',
  types: ['AWS::Bedrock::DataSource'],
  check: (source) => {
    if (source.at('DataSourceConfiguration.WebConfiguration') === undefined) return undefined;
    const filters = itemsOf(source.at(`${CRAWLER}.InclusionFilters`), CRAWLER).map(({ value }) => not(matches(/^\^?(https\??:\/\/)?\.?\*\$?$/)(value)));
    return judged(
      any([not(isOneOf('SUBDOMAINS')(source.at(`${CRAWLER}.Scope`))), ...filters]),
      'every subdomain is read without a filter',
      `${CRAWLER}.Scope`,
    );
  },
};
