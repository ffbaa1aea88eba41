<?php

declare(strict_types=1);

namespace Magento\Webapi\Controller\Soap;

use DOMDocument;
use DOMElement;
use Magento\Framework\Exception\InputException;

/**
 * A SOAP request, and the text of the response to one.
 */
class Message
{
    public const ENVELOPE_NAMESPACE = 'http://www.w3.org/2003/05/soap-envelope';

    private const REQUEST_SUFFIX = '/Request$/';

    /**
     * @param string $operation as integrationCustomerTokenServiceV1CreateCustomerAccessToken
     * @param array<string, string> $parameters
     */
    private function __construct(
        public readonly string $operation,
        public readonly array $parameters,
    ) {
    }

    /**
     * @throws InputException
     */
    public static function parse(string $xml): self
    {
        $document = new DOMDocument();
        $isXml = $xml !== '' && @$document->loadXML($xml, LIBXML_NONET);
        $body = $isXml ? $document->getElementsByTagNameNS('*', 'Body')->item(0) : null;
        $request = $body === null ? null : (self::getElements($body)[0] ?? null);
        if ($request === null) {
            throw new InputException('Bad Request');
        }
        $parameters = [];
        foreach (self::getElements($request) as $element) {
            $parameters[$element->localName] = $element->textContent;
        }

        return new self(preg_replace(self::REQUEST_SUFFIX, '', $request->localName), $parameters);
    }

    public static function response(string $endpoint, string $operation, mixed $result): string
    {
        $element = "ns1:{$operation}Response";

        return '<?xml version="1.0" encoding="UTF-8"?>' . "\n"
            . '<env:Envelope xmlns:env="' . self::ENVELOPE_NAMESPACE . '" xmlns:ns1="' . self::escape($endpoint) . '">'
            . "<env:Body><$element><result>" . self::escape((string)$result) . "</result></$element></env:Body>"
            . "</env:Envelope>\n";
    }

    public static function escape(string $text): string
    {
        return htmlspecialchars($text, ENT_XML1 | ENT_COMPAT);
    }

    /**
     * @return list<DOMElement>
     */
    private static function getElements(DOMElement $parent): array
    {
        return array_values(array_filter(
            iterator_to_array($parent->childNodes),
            fn (object $node): bool => $node instanceof DOMElement,
        ));
    }
}
