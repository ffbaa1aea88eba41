<?php

declare(strict_types=1);

namespace Magento\Webapi\Model;

use Magento\Framework\Config\XmlFile;
use Magento\Framework\Module\ModuleList;
use SimpleXMLElement;

/**
 * The routes of the enabled modules' etc/webapi.xml.
 */
class RouteList
{
    public function __construct(private readonly ModuleList $moduleList)
    {
    }

    /**
     * @return list<Route>
     */
    public function getAll(): array
    {
        $routes = [];
        foreach ($this->moduleList->findConfigFiles('webapi.xml') as $file) {
            foreach (XmlFile::read($file)->route as $route) {
                $routes[] = $this->read($route);
            }
        }

        return $routes;
    }

    private function read(SimpleXMLElement $route): Route
    {
        $forced = [];
        foreach ($route->data->parameter ?? [] as $parameter) {
            $forced[(string)$parameter['name']] = (string)$parameter;
        }

        return new Route(
            (string)$route['method'],
            (string)$route['url'],
            (string)$route->service['class'],
            (string)$route->service['method'],
            (string)$route->resources->resource[0]['ref'],
            $forced,
        );
    }
}
