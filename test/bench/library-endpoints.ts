/** Endpoints on gateways, through the library: so many as the constant says, each in a stack of its own, a hundred on each gateway. */
import { App, Stack } from 'aws-cdk-lib';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { CaptureStore, DataCapture, GatewayExposure, InferenceGateway, ModelImage, SecureInferenceEndpoint } from 'cdk-secure-ai/inference';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';

const count = Number('COUNT');
const env = { account: '111111111111', region: 'eu-central-1' };
const app = new App({ builtinCloudFormationValidation: false, autoSynth: false });
const shared = new Stack(app, 'Shared', { env });
const store = new ModelArtifactBucket(shared, 'Models');
const segment = new NetworkSegment(shared, 'Network');
const captures = new CaptureStore(shared, 'Captures');
const image = ModelImage.fromUri(`111111111111.dkr.ecr.eu-central-1.amazonaws.com/models@sha256:${'4e5f6a7b'.repeat(8)}`);

let gateway: InferenceGateway | undefined;
for (let i = 0; i < count; i++) {
  if (gateway === undefined || i % 100 === 0) {
    gateway = new InferenceGateway(new Stack(app, `Front${i / 100}`, { env }), 'Gateway', { exposure: GatewayExposure.regional() });
  }
  const target = new SecureInferenceEndpoint(new Stack(app, `Model${i}`, { env }), 'Endpoint', {
    model: { store, prefix: `models/m${i}/sha256-${'0a1b2c3d'.repeat(8)}/` },
    image,
    segment,
    capture: DataCapture.sample(10, captures),
  });
  gateway.addRoute(`m${i}`, {
    target,
    input: { type: JsonSchemaType.OBJECT, properties: { prompt: { type: JsonSchemaType.STRING, maxLength: 8_000 } }, required: ['prompt'], additionalProperties: false },
  });
}
app.synth();
