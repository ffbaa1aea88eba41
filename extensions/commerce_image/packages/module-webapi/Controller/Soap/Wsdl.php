<?php

declare(strict_types=1);

namespace Magento\Webapi\Controller\Soap;

use Magento\Webapi\Model\Route;
use ReflectionMethod;

/**
 * The description of operations whose parameters and result are texts.
 */
class Wsdl
{
    /**
     * @param array<string, Route> $operations operation => route
     */
    public function __construct(
        private readonly string $endpoint,
        private readonly array $operations,
    ) {
    }

    public function toXml(): string
    {
        $endpoint = Message::escape($this->endpoint);
        $parts = ['types' => '', 'messages' => '', 'portOperations' => '', 'bindingOperations' => ''];
        foreach ($this->operations as $name => $route) {
            $parts['types'] .= $this->getTypes($name, $route);
            foreach (['Request', 'Response'] as $side) {
                $parts['messages'] .= "<message name=\"$name$side\"><part name=\"messageParameters\""
                    . " element=\"tns:$name$side\"/></message>";
            }
            $parts['portOperations'] .= "<operation name=\"$name\"><input message=\"tns:{$name}Request\"/>"
                . "<output message=\"tns:{$name}Response\"/></operation>";
            $parts['bindingOperations'] .= "<operation name=\"$name\"><soap12:operation soapAction=\"$name\"/>"
                . '<input><soap12:body use="literal"/></input><output><soap12:body use="literal"/></output>'
                . '</operation>';
        }

        return <<<XML
            <?xml version="1.0" encoding="UTF-8"?>
            <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
                         xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:tns="$endpoint"
                         targetNamespace="$endpoint">
            <types><xsd:schema targetNamespace="$endpoint">{$parts['types']}</xsd:schema></types>
            {$parts['messages']}
            <portType name="PortType">{$parts['portOperations']}</portType>
            <binding name="Binding" type="tns:PortType">
            <soap12:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
            {$parts['bindingOperations']}
            </binding>
            <service name="Service">
            <port name="Port" binding="tns:Binding"><soap12:address location="$endpoint"/></port>
            </service>
            </definitions>

            XML;
    }

    private function getTypes(string $operation, Route $route): string
    {
        $parameters = '';
        foreach ((new ReflectionMethod($route->serviceClass, $route->serviceMethod))->getParameters() as $parameter) {
            $parameters .= "<xsd:element name=\"{$parameter->getName()}\" type=\"xsd:string\"/>";
        }

        return $this->getElement("{$operation}Request", $parameters)
            . $this->getElement("{$operation}Response", '<xsd:element name="result" type="xsd:string"/>');
    }

    private function getElement(string $name, string $content): string
    {
        return "<xsd:element name=\"$name\"><xsd:complexType><xsd:sequence>$content</xsd:sequence></xsd:complexType>"
            . '</xsd:element>';
    }
}
