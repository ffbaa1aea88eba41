<?php

declare(strict_types=1);

namespace Magento\Webapi\Controller\Soap;

use Magento\Framework\Exception\LocalizedException;

/**
 * An error as a SOAP client is told it. An error with parameters has a detail.
 */
class Fault
{
    public function __construct(
        private readonly LocalizedException $error,
        private readonly string $wsdlUrl,
    ) {
    }

    /**
     * Laid out to the space as Commerce does it, so that recorded answers can be compared.
     */
    public function toXml(): string
    {
        $namespace = $this->error->getParameters() === [] ? ' ' : ' xmlns:m="' . urlencode($this->wsdlUrl) . '"';
        $envelope = Message::ENVELOPE_NAMESPACE;
        $text = Message::escape($this->error->getRawMessage());
        $detail = $this->getDetail();

        return <<<XML
            <?xml version="1.0" encoding="UTF-8"?>
            <env:Envelope xmlns:env="$envelope"$namespace>
               <env:Body>
                  <env:Fault>
                     <env:Code>
                        <env:Value>env:Sender</env:Value>
                     </env:Code>
                     <env:Reason>
                        <env:Text xml:lang="en">$text</env:Text>
                     </env:Reason>
                     $detail
                  </env:Fault>
               </env:Body>
            </env:Envelope>
            XML;
    }

    private function getDetail(): string
    {
        $parameters = '';
        foreach ($this->error->getParameters() as $key => $value) {
            $parameters .= '<m:GenericFaultParameter><m:key>' . Message::escape((string)$key) . '</m:key><m:value>'
                . Message::escape($value) . '</m:value></m:GenericFaultParameter>';
        }

        return $parameters === ''
            ? ''
            : "<env:Detail><m:GenericFault><m:Parameters>$parameters</m:Parameters></m:GenericFault></env:Detail>";
    }
}
