import type { Judgement } from '../judgement';
import type { Rule } from '../rule';
import type { Subject } from '../subject';
import { isTrue, not } from '../answer';
import { judged } from '../judgement';

const WHY = 'The database holds the text of all documents beside the vectors: who reads the disk or the line reads them all.';

/** `AISec-DP19`. */
export const vectorClusterEncrypted: Rule = {
  id: 'AISec-DP19',
  name: 'VectorClusterEncrypted',
  title: 'The Aurora cluster of a knowledge base is encrypted with a key of the owner and has no public address',
  severity: 'HIGH',
  controls: ['DP2b', 'RT1'],
  threats: ['AML.T0035', 'LLM08'],
  why: WHY,
  remedy: 'Set StorageEncrypted and KmsKeyId, and leave PubliclyAccessible out.',
  example: "new rds.DatabaseCluster(this, 'Vectors', { engine, vpc, storageEncrypted: true, storageEncryptionKey: key, writer });",
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html',
  types: ['AWS::RDS::DBCluster'],
  check: ofKnowledgeBase((cluster) => [
    cluster.requireTrue('StorageEncrypted', 'the vectors are not encrypted'),
    cluster.requirePresent('KmsKeyId', 'the vectors have no key of the owner'),
    judged(not(isTrue(cluster.at('PubliclyAccessible'))), 'the cluster has a public address', 'PubliclyAccessible'),
  ]),
};

/** `AISec-DP20`. */
export const vectorDomainClosed: Rule = {
  id: 'AISec-DP20',
  name: 'VectorDomainClosed',
  title: 'The OpenSearch domain of a knowledge base is encrypted at rest and on the line, and lies in the network',
  severity: 'HIGH',
  controls: ['DP2b', 'DP2a', 'RT1'],
  threats: ['AML.T0035', 'AML.T0070', 'LLM08'],
  why: WHY,
  remedy: 'Switch on the encryption at rest, between the nodes and HTTPS, and set VPCOptions.',
  example: "new opensearch.Domain(this, 'Vectors', { version, vpc, enforceHttps: true, nodeToNodeEncryption: true, encryptionAtRest: { enabled: true, kmsKey: key } });",
  source: 'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html',
  types: ['AWS::OpenSearchService::Domain'],
  check: ofKnowledgeBase((domain) => [
    domain.requireTrue('EncryptionAtRestOptions.Enabled', 'the vectors are not encrypted'),
    domain.requireTrue('NodeToNodeEncryptionOptions.Enabled', 'the nodes talk in clear text'),
    domain.requireTrue('DomainEndpointOptions.EnforceHTTPS', 'requests without TLS are answered'),
    domain.requirePresent('VPCOptions', 'the domain has a public address'),
  ]),
};

/** `AISec-DP21`. */
export const vectorGraphClosed: Rule = {
  id: 'AISec-DP21',
  name: 'VectorGraphClosed',
  title: 'A graph with vectors has no public address and a key of the owner',
  severity: 'HIGH',
  controls: ['DP2b', 'RT1'],
  threats: ['AML.T0035', 'LLM08'],
  why: WHY,
  remedy: 'Leave PublicConnectivity out and set KmsKeyIdentifier.',
  example: "new neptunegraph.CfnGraph(this, 'Graph', { provisionedMemory: 16, publicConnectivity: false, kmsKeyIdentifier: key.keyArn });",
  source: 'https://docs.aws.amazon.com/neptune-analytics/latest/userguide/security.html',
  types: ['AWS::NeptuneGraph::Graph'],
  check: (graph) => [
    judged(not(isTrue(graph.at('PublicConnectivity'))), 'the graph has a public address', 'PublicConnectivity'),
    graph.requirePresent('KmsKeyIdentifier', 'the graph has no key of the owner'),
  ],
};

function ofKnowledgeBase(judge: (store: Subject) => readonly Judgement[]): (store: Subject) => readonly Judgement[] | undefined {
  return (store) => {
    const { app, resource } = store;
    const named = app.ofTypes('AWS::Bedrock::KnowledgeBase').some((base) =>
      ['RdsConfiguration.ResourceArn', 'OpensearchManagedClusterConfiguration.DomainArn'].some(
        (path) => app.named(base.at(`StorageConfiguration.${path}`)) === resource || base.edgesAt(`StorageConfiguration.${path}`).some(({ to }) => to === resource),
      ),
    );
    return named ? judge(store) : undefined;
  };
}
