export { BadParameters, flag, id, lsid, toSentence, whole, words } from './parameters.ts';
export { NotAllowed, type Stream, sendStream, serveXmlApi, type XmlRequest, xmlType } from './serve-xml-api.ts';
export { closeTag, declaration, type Element, element, isHeld, openTag, writeElement } from './xml.ts';
export { attribute, marked, often, textElement, tree, xs } from './xsd.ts';
