<?php

declare(strict_types=1);

namespace Magento\Webapi\Controller;

use Magento\Framework\App\FrontControllerInterface;
use Magento\Framework\App\Request;
use Magento\Framework\App\Response;
use Magento\Framework\Exception\InputException;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Webapi\Controller\Rest\ErrorProcessor;
use Magento\Webapi\Model\RouteList;
use Magento\Webapi\Model\ServiceCaller;
use Magento\Webapi\Model\StorePath;
use Throwable;

/**
 * /rest/V1/…, /rest/STORE/V1/…
 */
class Rest implements FrontControllerInterface
{
    public function __construct(
        private readonly StorePath $storePath,
        private readonly RouteList $routeList,
        private readonly ServiceCaller $serviceCaller,
        private readonly ErrorProcessor $errorProcessor,
    ) {
    }

    public function dispatch(Request $request): Response
    {
        try {
            return Response::json(200, $this->answer($request));
        } catch (Throwable $error) {
            return $this->errorProcessor->process($error);
        }
    }

    /**
     * @throws LocalizedException
     */
    private function answer(Request $request): mixed
    {
        $path = '/' . $this->storePath->enter($request->getPathInArea());
        if (preg_match('~^/V\d+/~', $path) !== 1) {
            throw new InputException('Specified request cannot be processed.');
        }
        foreach ($this->routeList->getAll() as $route) {
            $variables = $route->match($request->getMethod(), $path);
            if ($variables !== null) {
                return $this->serviceCaller->call($route, $variables + $this->getBodyData($request));
            }
        }
        throw new NoSuchEntityException('Request does not match any route.');
    }

    /**
     * @return array<string, mixed>
     * @throws InputException
     */
    private function getBodyData(Request $request): array
    {
        $body = $request->getMethod() === 'GET' ? '' : $request->getBody();
        if ($body === '') {
            return [];
        }
        $type = trim(explode(';', $request->getHeader('Content-Type'))[0]);
        if ($type !== 'application/json') {
            throw new InputException('Server cannot understand Content-Type HTTP header media type %1', [$type]);
        }
        $data = json_decode($body, true);
        if (!is_array($data)) {
            throw new InputException('Decoding error.');
        }

        return $data;
    }
}
