<?php

declare(strict_types=1);

namespace Magento\Webapi\Controller;

use Magento\Framework\App\FrontControllerInterface;
use Magento\Framework\App\Request;
use Magento\Framework\App\Response;
use Magento\Framework\Exception\InputException;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Logger;
use Magento\Store\Model\BaseUrl;
use Magento\Store\Model\StoreManager;
use Magento\Webapi\Controller\Soap\Fault;
use Magento\Webapi\Controller\Soap\Message;
use Magento\Webapi\Controller\Soap\Wsdl;
use Magento\Webapi\Model\Route;
use Magento\Webapi\Model\RouteList;
use Magento\Webapi\Model\ServiceCaller;
use Magento\Webapi\Model\StorePath;
use Throwable;

/**
 * /soap/STORE?services=NAMES: SOAP 1.2, and with &wsdl its description. A fault's status is 200 too.
 */
class Soap implements FrontControllerInterface
{
    private const UNKNOWN_SERVICE = 'The requested service is not available: "%1"';
    private const INTERNAL = 'Internal Error. Details are available in Magento log file. Report ID: ';

    public function __construct(
        private readonly StorePath $storePath,
        private readonly StoreManager $storeManager,
        private readonly BaseUrl $baseUrl,
        private readonly RouteList $routeList,
        private readonly ServiceCaller $serviceCaller,
        private readonly Logger $logger,
    ) {
    }

    public function dispatch(Request $request): Response
    {
        $endpoint = '';
        try {
            if ($this->storePath->enter($request->getPathInArea()) !== '') {
                throw new InputException('Specified request cannot be processed.');
            }
            $endpoint = $this->getEndpoint((string)$request->getQuery('services'));
            $operations = $this->findOperations((string)$request->getQuery('services'));
            if ($request->getQuery('wsdl') !== null) {
                return $this->createResponse((new Wsdl($endpoint, $operations))->toXml(), Response::XML);
            }

            return $this->createResponse($this->answer($operations, $endpoint, $request->getBody()));
        } catch (LocalizedException $error) {
            return $this->createResponse((new Fault($error, "$endpoint&wsdl=1"))->toXml());
        } catch (Throwable $error) {
            $this->logger->critical($error);
            $masked = new LocalizedException(self::INTERNAL . uniqid('webapi-'));

            return $this->createResponse((new Fault($masked, "$endpoint&wsdl=1"))->toXml());
        }
    }

    /**
     * @param array<string, Route> $operations
     * @throws LocalizedException
     */
    private function answer(array $operations, string $endpoint, string $body): string
    {
        $message = Message::parse($body);
        $route = $operations[$message->operation] ?? throw new InputException(
            'Operation "%1" not found.',
            [$message->operation],
        );

        $result = $this->serviceCaller->call($route, $message->parameters);

        return Message::response($endpoint, $message->operation, $result);
    }

    /**
     * @param string $names joined by commas
     * @return array<string, Route> operation => route
     * @throws InputException
     */
    private function findOperations(string $names): array
    {
        $operations = [];
        foreach (explode(',', $names) as $name) {
            $isOfService = fn (Route $route): bool => $route->getSoapServiceName() === $name;
            $routes = array_filter($this->routeList->getAll(), $isOfService);
            if ($routes === []) {
                throw new InputException(self::UNKNOWN_SERVICE, [$name]);
            }
            foreach ($routes as $route) {
                $operations[$name . ucfirst($route->serviceMethod)] = $route;
            }
        }

        return $operations;
    }

    private function getEndpoint(string $services): string
    {
        $store = $this->storeManager->getStore();

        return $this->baseUrl->getCurrent($store) . "soap/$store->code?services=$services";
    }

    private function createResponse(string $xml, string $type = Response::SOAP): Response
    {
        return new Response(200, $xml, ['Content-Type' => $type]);
    }
}
