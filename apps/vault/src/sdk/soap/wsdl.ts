import { type Contract, failure, typesOf } from './contract.ts';
import { actionBase, contracts as contractNamespace, portType, type SoapVersion, service } from './namespaces.ts';
import type { Member, ObjectShape, Shape } from './shape.ts';
import { element, escaped } from './xml.ts';

/** The description of the service in WSDL 1.1, its types included, with a port for each version of SOAP. */
export const writeWsdl = (contracts: readonly Contract[], address: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>${element(
    'wsdl:definitions',
    { name: 'AuthService', targetNamespace: service, ...prefixes },
    [
      element('wsdl:types', {}, serviceSchema(contracts) + contractSchema(typesOf(contracts))),
      ...contracts.flatMap(({ action: { name } }) => [
        message(`${name}_InputMessage`, 'parameters', `tns:${name}`),
        message(`${name}_OutputMessage`, 'parameters', `tns:${name}Response`),
      ]),
      message('Failure_FaultMessage', 'detail', `q:${nameOf(failure)}`),
      element('wsdl:portType', { name: portType }, contracts.map(portOperation).join('')),
      ...versions.map((version) => binding(version, contracts)),
      element('wsdl:service', { name: 'AuthService' }, versions.map((version) => port(version, address)).join('')),
    ].join(''),
  )}`;

const prefixes = {
  'xmlns:wsdl': 'http://schemas.xmlsoap.org/wsdl/',
  'xmlns:soap': 'http://schemas.xmlsoap.org/wsdl/soap/',
  'xmlns:soap12': 'http://schemas.xmlsoap.org/wsdl/soap12/',
  'xmlns:wsaw': 'http://www.w3.org/2006/05/addressing/wsdl',
  'xmlns:xs': 'http://www.w3.org/2001/XMLSchema',
  'xmlns:tns': service,
  'xmlns:q': contractNamespace,
};

// Clients that take the first port get what WCF calls its basicHttpBinding.
const versions: readonly SoapVersion[] = ['1.1', '1.2'];
const bindingNames = { '1.1': `BasicHttpBinding_${portType}`, '1.2': `Soap12Binding_${portType}` } as const;
const soapPrefixes = { '1.1': 'soap', '1.2': 'soap12' } as const;

const schema = (namespace: string, content: string) =>
  element('xs:schema', { elementFormDefault: 'qualified', targetNamespace: namespace }, content);

const serviceSchema = (contracts: readonly Contract[]): string =>
  schema(
    service,
    element('xs:import', { namespace: contractNamespace }) +
      contracts
        .map(({ action: { name }, parameters, result }) => {
          const answered = { name: `${name}Result`, shape: result, mayBeNull: true };
          return wrapper(name, parameters) + wrapper(`${name}Response`, [answered]);
        })
        .join(''),
  );

const wrapper = (name: string, members: readonly Member[]): string =>
  element('xs:element', { name }, element('xs:complexType', {}, sequence(members)));

const sequence = (members: readonly Member[]): string =>
  element('xs:sequence', {}, members.map(memberElement).join(''));

/** Nothing has to be there for a schema: what is missing is told by its name. */
const memberElement = ({ name, shape, mayBeNull }: Member): string =>
  element('xs:element', { minOccurs: '0', name, ...(mayBeNull && { nillable: 'true' }), type: typeOf(shape) });

const contractSchema = (types: readonly ObjectShape[]): string =>
  schema(
    contractNamespace,
    types
      .flatMap(({ name, members }) => [
        element('xs:complexType', { name }, sequence(members)),
        element('xs:element', { name, nillable: 'true', type: `q:${name}` }),
        element('xs:complexType', { name: `ArrayOf${name}` }, element('xs:sequence', {}, listed(name))),
      ])
      .join(''),
  );

const listed = (name: string): string =>
  element('xs:element', { minOccurs: '0', maxOccurs: 'unbounded', name, nillable: 'true', type: `q:${name}` });

const typeOf = (shape: Shape): string => {
  if (shape.kind === 'object') return `q:${shape.name}`;
  return shape.kind === 'list' ? `q:ArrayOf${shape.of.name}` : simple[shape.kind];
};
const simple = { text: 'xs:string', whole: 'xs:int', flag: 'xs:boolean', time: 'xs:dateTime' } as const;
const nameOf = (shape: Shape): string => (shape.kind === 'object' ? shape.name : '');

const message = (name: string, part: string, of: string): string =>
  element('wsdl:message', { name: `${portType}_${name}` }, element('wsdl:part', { name: part, element: of }));

const portOperation = ({ action: { name, summary } }: Contract): string => {
  const way = (direction: string, suffix: string, action: string) =>
    element(`wsdl:${direction}`, {
      ...{ 'wsaw:Action': `${actionBase}${action}`, message: `tns:${portType}_${suffix}` },
      ...(direction === 'fault' && { name: 'Failure' }),
    });
  return element(
    'wsdl:operation',
    { name },
    element('wsdl:documentation', {}, escaped(`${summary}.`)) +
      way('input', `${name}_InputMessage`, name) +
      way('output', `${name}_OutputMessage`, `${name}Response`) +
      way('fault', 'Failure_FaultMessage', `${name}FailureFault`),
  );
};

const binding = (version: SoapVersion, contracts: readonly Contract[]): string => {
  const soap = soapPrefixes[version];
  const literal = element(`${soap}:body`, { use: 'literal' });
  const operations = contracts.map(({ action: { name } }) =>
    element(
      'wsdl:operation',
      { name },
      element(`${soap}:operation`, { soapAction: `${actionBase}${name}`, style: 'document' }) +
        element('wsdl:input', {}, literal) +
        element('wsdl:output', {}, literal) +
        element('wsdl:fault', { name: 'Failure' }, element(`${soap}:fault`, { name: 'Failure', use: 'literal' })),
    ),
  );
  return element(
    'wsdl:binding',
    { name: bindingNames[version], type: `tns:${portType}` },
    element(`${soap}:binding`, { transport: 'http://schemas.xmlsoap.org/soap/http' }) + operations.join(''),
  );
};

const port = (version: SoapVersion, location: string): string =>
  element(
    'wsdl:port',
    { name: bindingNames[version], binding: `tns:${bindingNames[version]}` },
    element(`${soapPrefixes[version]}:address`, { location }),
  );
