import { describe, expect, test } from 'vitest';
import type { HandlerContract } from '../../lib/core/handler-contract';
import { AWS_SERVICES, endpointOf, endpointPermitsOf, endpointsOf, permitsOf, servicesOf } from '../../lib/core/handler-contract';

const CONTRACT: HandlerContract = {
  area: 'models',
  name: 'example',
  environment: [],
  calls: [
    { service: 's3', operation: 'PutObject', permits: [{ actions: ['s3:PutObject'], slot: 'objects' }, { actions: ['kms:GenerateDataKey'], slot: 'key', through: 's3' }] },
    { service: 's3', operation: 'GetObject', permits: [{ actions: ['s3:GetObject'], slot: 'objects' }, { actions: ['kms:Decrypt'], slot: 'key', through: 's3' }] },
  ],
};

describe('one declaration of calls gives', () => {
  test('the statements of the role, one for each slot and way', () => {
    expect(permitsOf(CONTRACT)).toEqual([
      { slot: 'objects', actions: ['s3:GetObject', 's3:PutObject'] },
      { slot: 'key', through: 's3', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
    ]);
  });

  test('the endpoints that its segment needs, each once', () => {
    expect(endpointsOf(CONTRACT).map(({ service, type }) => [service, type])).toEqual([['s3', 'Gateway']]);
  });

  test('its lines in an endpoint policy, without what a service does on its behalf', () => {
    expect(endpointPermitsOf(CONTRACT, 's3')).toEqual([{ slot: 'objects', actions: ['s3:GetObject', 's3:PutObject'] }]);
  });

  test('the services that it asks its segment for', () => {
    expect(servicesOf(CONTRACT)).toEqual(['s3']);
  });

  test('nothing for a handler that calls nothing', () => {
    const silent = { ...CONTRACT, calls: [] };
    expect([permitsOf(silent), endpointsOf(silent), endpointPermitsOf(silent, 's3')]).toEqual([[], [], []]);
  });
});

describe('the table of endpoints', () => {
  test('has a gateway for the two services that have one, and an interface for the others', () => {
    expect(AWS_SERVICES.filter((service) => endpointOf(service).type === 'Gateway')).toEqual(['dynamodb', 's3']);
    expect(AWS_SERVICES).toHaveLength(16);
  });

  test.each(AWS_SERVICES)('gives %s host names of its region', (service) => {
    const { hosts, actionPrefix, service: same } = endpointOf(service);
    expect(same).toBe(service);
    expect(actionPrefix).toMatch(/^[a-z0-9-]+$/);
    expect(hosts.length).toBeGreaterThan(0);
    for (const host of hosts) expect(host).toMatch(/^(\*\.)?([a-z0-9-]+\.)+<region>\.<suffix>$/);
  });

  test.each(['', 'ec2', '__proto__', 'constructor', 'hasOwnProperty'])('fails for %j', (service) => {
    expect(() => endpointOf(service)).toThrow(`service '${service}' is not known: name one of dynamodb, ecr.api`);
  });
});
